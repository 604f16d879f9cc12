import { v5 } from 'uuid'

/** Stands between the parts of a key. Identifiers hold no control characters, and it sorts before all that they hold. */
const separator = '\u001f'
/** What stands for it within a part: not every text of a sender is an identifier. */
const standIn = '\u241f'
/** Controls and surrogates: nearly all texts have neither, and one look tells. */
const unusual = /[^\u0020-\ud7ff\ue000-\uffff]/

/** A longer part is cut, so that a key of five parts stays within what a row store takes. */
export const maxPartLength = 100
const keptLength = 60
/** Namespace of the digests that stand for what was cut (a fixed random UUID). */
const namespace = '0d5c2a0e-6d0b-4c43-9c8e-5f3f1a1f7b52'

/**
 * A row's key from its parts. No two lists of identifiers share a key; texts that differ in control characters alone do.
 * Keys are not read back: rows name their ids.
 */
export function key(...parts: readonly string[]): string {
  return parts.map(part).join(separator)
}

/** The start of every key whose first parts are these; of no parts, of every key. */
export function prefix(...parts: readonly string[]): string {
  return parts.length === 0 ? '' : key(...parts) + separator
}

function part(text: string): string {
  if (text.length > maxPartLength) return `${clean(text.slice(0, keptLength))}~${v5(text, namespace)}`
  return clean(text)
}

function clean(text: string): string {
  return unusual.test(text)
    ? text.replaceAll(separator, standIn).replaceAll('\0', standIn).toWellFormed()
    : text
}

const lastMs = 9_999_999_999_999

/** A part that sorts the newest moment first. Takes an `instant`. */
export function newestFirst(instant: string): string {
  return String(lastMs - Date.parse(instant)).padStart(13, '0')
}
