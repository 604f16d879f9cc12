import type { Row } from './row.ts'

/** Rows for people: figures, peer, verdict, and beneath each what it rests on. */
export function tableOf(rows: readonly Row[]): string {
  return rows.map(linesOf).join('')
}

function linesOf({ name, unit, value, peer, ratio, aim, met, note }: Row): string {
  const against = peer === null ? '' : ` | ${peer.name}: ${figure(peer.value)}`
  const times = ratio === null ? '' : ` | ratio ${figure(ratio)}`
  const judged = aim === null ? '' : ` | ${verdict(met)} (${aim})`
  return `${name}: ${figure(value)} ${unit}${against}${times}${judged}\n    ${note}\n`
}

function verdict(met: boolean | null): string {
  if (met === null) return 'NOT JUDGED'
  return met ? 'met' : 'MISSED'
}

function figure(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 4 })
}
