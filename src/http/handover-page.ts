import { createHash } from 'node:crypto'
import { ownersOf } from '../../projections/notice-row.ts'
import { toMs } from '../../schemas/instant.ts'
import { localTime } from '../correlate/words.ts'
import type { Handover } from './handover.ts'
import { handoverWords, type PageLanguage } from './handover-words.ts'

/** Rows of each table that are printed; what lies beyond is counted. With all of them the page fills two A4 sheets. */
export const maxRows = {
  stillOpen: 20,
  opened: 10,
  closed: 8,
  clustersClosed: 5,
  promisesMissed: 6,
  promisesBroken: 6,
  ordersOpened: 6,
  ordersResolved: 5,
  ordersDead: 3,
  feedsDown: 3,
  rejected: 5,
  notes: 9,
} as const

/** Each row is one line, whatever stands in it, and each line has its height: so the page's length is known. */
export const heightsMm = { title: 12, heading: 6.5, row: 4.1, sheet: 297 - 2 * 12 } as const

const style = `@page{size:A4;margin:12mm}
body{font:9pt/1.25 system-ui,"Noto Sans CJK SC",sans-serif;margin:0 auto;max-width:186mm;color:#000}
h1{font-size:13pt;line-height:6mm;margin:0}p{margin:0;line-height:3mm;font-size:8pt}
h2{font-size:10pt;line-height:4.4mm;height:4.4mm;margin:1.8mm 0 .3mm;break-after:avoid;white-space:nowrap;overflow:hidden}
table{width:100%;border-collapse:collapse;table-layout:fixed}tr{break-inside:avoid}
th,td{box-sizing:border-box;height:${heightsMm.row}mm;line-height:3.7mm;text-align:left;font-weight:400;padding:0 1mm;border-bottom:.2mm solid #bbb;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
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
    tableOf(
      rows.length > maxRows[name]
        ? `${words[name]} (${rows.length}, ${words.more(rows.length - maxRows[name])})`
        : `${words[name]} (${rows.length})`,
      heads,
      rows.slice(0, maxRows[name]),
      words.none,
    )
  const { since, until, stillOpen, opened, closed, clustersClosed, promisesMissed, promisesBroken } = handover
  const { ordersOpened, ordersResolved, ordersDead, feedsDown, rejected, notes } = handover
  const { what, owner, end, customers, state, at, reason, by, cause, text, source, from, to } = words.heads
  const { order, unexplained, complaints, repaired } = words.heads
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
        [...new Set(ownersOf(row).flatMap((name) => name ?? []))].join(', ') || '–',
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
      'clustersClosed',
      [what, at, customers, unexplained, owner],
      clustersClosed.map((row) => [
        `${row.family} ${row.clusterId}`,
        time(row.closed?.at),
        String(row.customers),
        String(row.unexplained),
        row.owner ?? '–',
      ]),
    ),
    table(
      'promisesMissed',
      [what, end, by, repaired],
      promisesMissed.map((row) => [
        row.title,
        time(row.promised),
        row.by ?? '–',
        time(row.repairedAt) || '–',
      ]),
    ),
    table(
      'promisesBroken',
      [what, end, complaints, repaired],
      promisesBroken.map((row) => [
        row.title ?? row.complaintIds.join(', '),
        time(row.promised),
        String(row.complaints),
        time(row.repairedAt) || '–',
      ]),
    ),
    table(
      'ordersOpened',
      [what, order, at, customers],
      ordersOpened.map((row) => [
        row.title,
        row.externalId ?? row.orderId,
        time(row.openedAt),
        String(row.customers),
      ]),
    ),
    table(
      'ordersResolved',
      [what, order, at, cause],
      ordersResolved.map((row) => [
        row.title,
        row.externalId ?? row.orderId,
        time(row.resolved?.at),
        row.resolved?.cause ?? '',
      ]),
    ),
    table(
      'ordersDead',
      [order, source, at, reason],
      ordersDead.map((row) => [row.orderId, row.system, time(row.at), row.reason]),
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
  none: string,
): string {
  if (rows.length === 0) return `<h2>${title}: ${none}</h2>`
  const line = (tag: 'th' | 'td', cells: readonly string[]): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join('')}</tr>`
  return `<h2>${title}</h2><table>${line('th', heads)}${rows.map((cells) => line('td', cells)).join('')}</table>`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escape(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character)
}
