import { maxBackfillEvents } from './backfill.ts'
import { alarmFields } from './alarm-rows.ts'
import { complaintFields } from './complaint-rows.ts'
import { maxRowChars } from './csv-rows.ts'
import { cutoverFields } from './cutover-rows.ts'
import { elementFields } from './element-rows.ts'
import { gapFields } from './gap-rows.ts'
import { timeTokens } from './time-reader.ts'

/** What all files have in common; shown below every command's own help. */
export const commonHelp = `
Files: CSV with a heading, separated by comma, semicolon or tab, quoted as in RFC 4180; UTF-8 (UTF-16 with a byte order
mark), or GB18030 with --encoding; unpacked where the name ends in .gz. A column belongs to the field of its name (case,
spaces, "_" and "-" do not count); --map names others, and joins several: --map reportedAt=Date+Time. --set gives a field
a value where a row has none: --set service=mobile. A row that is wrong costs itself alone: it is refused by the line of the
file at which it starts, as is one longer than ${maxRowChars} characters.

Times: ISO 8601 with an offset; without one (2026-03-01 10:05, 2026/3/1 10:05:30) the clock of --zone. Where clocks are set
back, a time that comes twice is the first of the two; where they are set forward, one that never comes is as long after
the change as it would have been (RFC 5545). --time-format is made of ${Object.keys(timeTokens).join(' ')}; other
signs stand for themselves: "D/M/YYYY h:mm A", "YYYY年M月D日 H:mm".

Sent again, the same file changes nothing: an event's id comes of its source and the row's own id, else its content. The
source is --source, else the file's name, so keep one of the two for later versions of a file.

Exit code: 0 everything was stored or known, 3 some rows were refused, 1 the import failed, 2 wrong usage.`

export const inventoryHelp = `
The layout is known by the heading:

  plmn,enb,local_cell,eci,…    LTE cells, one a row: operator (plmn) > site (plmn-enb) > cell (plmn-enb-local_cell).
                               The azimuth becomes the attribute azimuthDegrees, of which the engine makes a sector.
  node,type,ring_name,…        An access network of routers on rings, with --links for the logical links (a,b,logical_ring)
                               and the power (router,ups). Ring neighbours are linked; a node is fed by the nearest router
                               that every path to a block router leads through (two ways out: by none); a router depends
                               on its UPS; the parent is the block router that all paths lead through.
  ${elementFields.join(',')}
                               Everything else. id and kind are needed; kind: core, aggregation, transport, power, site,
                               cell, other. aliases and services are divided by | or ;. services: mobile, broadband,
                               fixed-voice, tv. crs: wgs84, gcj02, bd09. ring: "lon lat; lon lat; …". Columns without
                               a field become attributes. --links takes elementId,dependsOn,relation (feeds, powers,
                               ringNeighbour).

Into a data folder only what has changed since the last import of the same source is stored. --retire-missing retires what
the file no longer names. Through --url a row that goes back to an earlier wording is not seen as a change.`

export const alarmsHelp = `
Fields: ${alarmFields.join(', ')}.
Needed: elementId, raisedAt, probableCause. clearedAt gives a second event, the clear; a row of severity "cleared" is a clear
alone. Severity: X.733's words, common vendors' and Chinese ones, or 1 (critical) to 5. Columns without a field become
attributes: shown, never weighed, an NMS's own correlation among them. The lists of active and past alarms of an access
network (id,raised,…,node,node_type,cause,…) are known by their heading.`

export const complaintsHelp = `
Fields: ${complaintFields.join(', ')}.
Needed: reportedAt, when the customer called; troubleFrom and troubleTo say when the trouble was. phone, account, name and
text are sealed before anything is stored, and no event holds them; symptom, service, setting and course are read from
text where the fields do not say. placeName without coordinates is looked up in the places of the data folder.`

export const cutoversHelp = `
Fields: ${cutoverFields.join(', ')}.
Needed: title, plannedStart, plannedEnd, and elementIds (divided by | or ;) or an area: lon, lat and radiusMeters, or ring
("lon lat; lon lat; …"). plannedAt is when it was entered; without it
--as-of or the file's own date stands in, so give one where later files repeat the same works. startedAt, finishedAt and cancelledAt give events of their own.`

export const gapsHelp = `
Fields: ${gapFields.join(', ')}.
Needed: kind (blind-spot, weak-signal; 盲点, 弱信号区) and an area: lon, lat and radiusMeters, or ring ("lon lat; lon lat; …").
reason: owner-refuses, terrain, building, capacity, no-site-yet, other. remedy: planned-site, optimisation-project,
repeater, none. Without reportedAt or since a gap is as old as the file, or as --as-of says.`

export const eventsHelp = `
Files: NDJSON as "causeway export" and "causeway simulate" write it and POST /v1/events takes it, one {type, source, occurredAt,
data} a line; unpacked where the name ends in .gz. A wrong line is refused by its number. Decisions of an engine are left
out: this log's own engine makes them. Sent again, the same file changes nothing. Into a running server:
  curl --data-binary @FILE -H 'content-type: application/x-ndjson' http://127.0.0.1:8620/v1/events

--backfill sorts all lines by recordedAt and marks them, so that they open no dispatch, callback or alert. It needs a log
that has not gone live, whose clock stands before the first line: a new data folder. To try a simulated day:
  causeway simulate --out day.ndjson --truth truth.ndjson
  causeway import events day.ndjson --backfill --data day
  causeway serve --data day

Exit code: 0 everything was stored or known, 3 some lines were refused, 1 the import failed, 2 wrong usage.`

export const placesHelp = `
Fields: name, lon, lat, crs (wgs84, gcj02, bd09), kind, aliases (divided by | or ;). Places are no events: they lie in the
file places.ndjson of the data folder. A place of the same name at the same spot takes the earlier one's stead.`

export const historyHelp = `
Loads several files as one history, e.g. "history inventory=cells.csv alarms=a.csv complaints=c.csv --backfill". Kinds:
inventory, links, alarms, complaints, cutovers, gaps. --map and --set name the kind: --map alarms.raisedAt=Start.

--backfill sorts all rows by when they were recorded (recordedAt, else when it happened or was reported) and marks them, so
that they open no dispatch, callback or alert. It needs a log that has not gone live, whose clock stands before the first
row: a new data folder. More than ${maxBackfillEvents} events are loaded in parts, the older first. Inventory without --as-of
counts as recorded with the first row.`
