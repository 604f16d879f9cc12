import { createHash } from 'node:crypto'
import { toMs } from '../../schemas/instant.ts'
import { localTime } from '../correlate/words.ts'
import type { Handover } from './handover.ts'
import { handoverWords, type PageLanguage } from './handover-words.ts'

/** Rows of each table that are printed: with one line a row, all of them fill two A4 sheets. What lies beyond is counted. */
const maxRows = {
  stillOpen: 22,
  opened: 12,
  closed: 12,
  promisesMissed: 8,
  feedsDown: 4,
  rejected: 6,
  notes: 9,
}

/** Each row is one line, whatever stands in it: so the page's length is known. */
const style = `@page{size:A4;margin:12mm}
body{font:9pt/1.25 system-ui,"Noto Sans CJK SC",sans-serif;margin:0 auto;max-width:186mm;color:#000}
h1{font-size:13pt;margin:0}h2{font-size:10pt;margin:2.2mm 0 .5mm;break-after:avoid}p{margin:0}
table{width:100%;border-collapse:collapse;table-layout:fixed}tr{break-inside:avoid}
th,td{text-align:left;font-weight:400;padding:0 1mm;border-bottom:.2mm solid #bbb;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
th{color:#444;font-size:8pt}`

/** Lets the page have its own style, and nothing from anywhere. */
export const handoverPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`

/** A shift as a page to print: no script, nothing from outside, two A4 sheets at the most. Times are of the zone. */
export function handoverPage(handover: Handover, language: PageLanguage, timeZone: string): string {
  const words = handoverWords[language]
  const time = (instant: string | undefined): string =>
    instant === undefined ? '' : localTime(toMs(instant), timeZone, language)
  const table = (
    name: keyof typeof maxRows,
    heads: readonly string[],
    rows: readonly (readonly string[])[],
  ) =>
    tableOf(`${words[name]} (${rows.length})`, heads, rows.slice(0, maxRows[name]), {
      none: words.none,
      more: rows.length > maxRows[name] ? words.more(rows.length - maxRows[name]) : '',
    })
  const { since, until, stillOpen, opened, closed, promisesMissed, feedsDown, rejected, notes } = handover
  const { what, owner, end, customers, state, at, reason, by, cause, text, source, from, to } = words.heads
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${words.title}</title><style>${style}</style></head><body>`,
    `<h1>${words.title}</h1><p>${time(since)} – ${time(until)} (${escape(timeZone)})</p>`,
    handover.complete ? '' : `<p>${words.incomplete}</p>`,
    table(
      'stillOpen',
      [what, state, at, customers, owner, end],
      stillOpen.map((row) => [
        row.title ?? `${words.unexplained} ${row.family ?? ''} ${row.id}`,
        words.states[row.state] + (row.muted === undefined ? '' : ` · ${words.muted}`),
        time(row.since),
        String(row.customers),
        row.owner ?? '–',
        time(row.expectedEnd) + (row.overdue === true ? ' !' : ''),
      ]),
    ),
    table(
      'opened',
      [what, at, customers, owner],
      opened.map((row) => [row.title, time(row.openedAt), String(row.customers), row.owner ?? '–']),
    ),
    table(
      'closed',
      [what, at, customers, reason],
      closed.map((row) => [
        row.title,
        time(row.ended?.at),
        String(row.customers),
        row.ended === undefined ? '' : words.reasons[row.ended.reason],
      ]),
    ),
    table(
      'promisesMissed',
      [what, end, by, words.heads.repaired],
      promisesMissed.map((row) => [
        row.title,
        time(row.promised),
        row.by ?? '–',
        time(row.repairedAt) || '–',
      ]),
    ),
    table(
      'feedsDown',
      [source, reason, from, to],
      feedsDown.map((row) => [row.source, words.silences[row.reason], time(row.from), time(row.to) || '–']),
    ),
    table(
      'rejected',
      [cause, by, at, text],
      rejected.map((row) => [`${row.cause.kind} ${row.cause.id}`, row.actor, time(row.at), row.note ?? '']),
    ),
    table(
      'notes',
      [what, by, at, text],
      notes.map((row) => [row.about.id, row.actor, time(row.at), row.text]),
    ),
    '</body></html>',
  ].join('\n')
}

function tableOf(
  title: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  { none, more }: { readonly none: string; readonly more: string },
): string {
  if (rows.length === 0) return `<h2>${title}: ${none}</h2>`
  const line = (tag: 'th' | 'td', cells: readonly string[]): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join('')}</tr>`
  const body = rows.map((cells) => line('td', cells)).join('')
  return `<h2>${title}</h2><table>${line('th', heads)}${body}</table>${more && `<p>${more}</p>`}`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escape(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character)
}
