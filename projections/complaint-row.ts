import type { CauseAttributed } from '../schemas/attribution.ts'
import type { CallbackMade, CauseVerdict, ComplaintResolved, Told } from '../schemas/act.ts'
import type { ComplaintReceived } from '../schemas/complaint.ts'
import type { ActRef } from './act.ts'
import type { StoryEntry } from './story.ts'
import type { MemberTables } from './members.ts'
import { table } from './projection.ts'
import type { ListEntry, MapEntry } from './listing.ts'

export type ComplaintStatus = 'open' | 'answered' | 'dispatched' | 'resolved' | 'withdrawn'

/** The current attribution in short; the whole of it is the `complaint.attribution` row of `id`. */
export interface AttributionSummary extends Pick<
  CauseAttributed,
  | 'verdict'
  | 'direct'
  | 'root'
  | 'probability'
  | 'state'
  | 'band'
  | 'expectedEnd'
  | 'outageId'
  | 'repeatOf'
  | 'confirmed'
  | 'disputed'
  | 'tooLate'
> {
  /** Event id of the attribution. */
  readonly id: string
  readonly at: string
}

export interface ReplyAct extends ActRef {
  readonly words: string
  readonly language: string
  readonly statedEnd?: string | undefined
  readonly attributionId?: string | undefined
  readonly told?: Told | undefined
  /** The customer asked to be called back. */
  readonly callback?: { readonly channel?: string | undefined } | undefined
  /** The answer that was given: the one that it names, else the one in force; of a reply that came before any, the first. */
  readonly heard?: Heard | undefined
}

/** What of an answer a customer heard. */
export type Heard = Pick<AttributionSummary, 'id' | 'verdict' | 'band' | 'root' | 'state' | 'outageId'>

export interface CallbackAct extends ActRef {
  readonly outcome: CallbackMade['outcome']
  readonly channel?: string | undefined
  readonly againAt?: string | undefined
  /** The outage that it was about. */
  readonly outageId?: string | undefined
}

export interface VerdictAct extends ActRef {
  readonly verdict: 'confirmed' | 'rejected'
  readonly cause: CauseVerdict['cause']
}

/** A complaint as it stands. Table `complaint`, key: complaint id. */
export interface ComplaintRow {
  readonly complaintId: string
  readonly status: ComplaintStatus
  /** As last amended. */
  readonly facts: ComplaintReceived
  readonly source: string
  readonly actor: string
  readonly recordedAt: string
  readonly backfilled?: true | undefined
  readonly attribution?: AttributionSummary | undefined
  /** How many attributions it has had. */
  readonly attributions: number
  /** The cluster that the engine put it in, and the one that a person split it off into, which goes before. */
  readonly clusterId?: string | undefined
  readonly splitInto?: { readonly clusterId: string; readonly eventId: string } | undefined
  readonly notes: number
  /** The newest `maxActsKept` of each; the last is the one in force. Taken back: absent. */
  readonly replies?: readonly ReplyAct[] | undefined
  readonly callbacks?: readonly CallbackAct[] | undefined
  readonly verdicts?: readonly VerdictAct[] | undefined
  readonly dispatches?: readonly (ActRef & { readonly orderId?: string | undefined })[] | undefined
  readonly resolutions?:
    readonly (ActRef & { readonly resolution: ComplaintResolved['resolution'] })[] | undefined
  readonly withdrawals?: readonly ActRef[] | undefined
}

/** An attribution, whole, with evidence and alternatives. Table `complaint.attribution`, key: its event id. */
export interface AttributionRow {
  readonly id: string
  readonly at: string
  readonly occurredAt: string
  readonly attribution: CauseAttributed
}

export const complaints = table<ComplaintRow>('complaint')
/** What happened to a complaint. An attribution is told by its summary, a cluster by its id. */
export const story = table<StoryEntry>('complaint.story')
export const attributions = table<AttributionRow>('complaint.attribution')
/** Lists, newest report first. Keys: (what it is listed by), inverted report time, complaint id. */
export const byCustomer = table<ListEntry>('complaint.of-customer')
export const byOutage = table<ListEntry>('complaint.of-outage')
export const byCluster = table<ListEntry>('complaint.of-cluster')
export const byDay = table<ListEntry>('complaint.of-day')
/** Key: inverted time of recording, complaint id. */
export const toDispatch = table<ListEntry>('complaint.to-dispatch')
/** Who is to be called back. Key: outage id, complaint id. */
export const toCallBack = table<ListEntry>('complaint.to-call-back')
/** The same of those whom no outage explains. Key: cluster id or nothing, complaint id. */
export const looseToCallBack = table<ListEntry>('complaint.loose-to-call-back')
/** Who was told what is wrong by now, or may become so as time passes. Key: inverted time of the reply, complaint id. */
export const toCorrect = table<ListEntry>('complaint.to-correct')
/** By the cause that the last reply named. Key: cause kind, cause id, inverted time of the reply, complaint id. */
export const byCauseHeard = table<ListEntry>('complaint.of-cause-heard')
/** Those with a place that were not withdrawn, at the place of the trouble, filed under its day (UTC). */
export const troubleMap = table<MapEntry>('complaint.trouble-map')
/** How much each outage and cluster holds: the complaints in its list, and their customers. */
export const outageMembers: MemberTables = {
  counts: table('complaint.outage-counts'),
  customers: table('complaint.outage-customer'),
}
export const clusterMembers: MemberTables = {
  counts: table('complaint.cluster-counts'),
  customers: table('complaint.cluster-customer'),
}

/** Of each cluster those whom neither an outage nor a gap explains. */
export const looseMembers: MemberTables = {
  counts: table('complaint.loose-counts'),
  customers: table('complaint.loose-customer'),
}

/** When the trouble began, as far as it was told; else when it was reported. */
export function troubledAt({ trouble, reportedAt }: ComplaintRow['facts']): string {
  return trouble.from ?? reportedAt
}

/** The outage that counts it as its own: the one that its current attribution names, unless it was withdrawn. */
export function memberOutage(row: ComplaintRow | undefined): string | undefined {
  return row === undefined || row.status === 'withdrawn' ? undefined : row.attribution?.outageId
}

/** The cluster that counts it as its own: where a person put it, else the engine. */
export function memberCluster(row: ComplaintRow | undefined): string | undefined {
  return row === undefined || row.status === 'withdrawn'
    ? undefined
    : (row.splitInto?.clusterId ?? row.clusterId)
}

/** The cluster in which it waits for an explanation: no outage and no gap is named for it, and nobody has called it over. */
export function looseCluster(row: ComplaintRow): string | undefined {
  const { attribution, status } = row
  const isExplained = attribution?.outageId !== undefined || attribution?.root?.kind === 'gap'
  return isExplained || status === 'resolved' ? undefined : memberCluster(row)
}
