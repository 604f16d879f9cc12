/** The longest name or query that is looked at; what lies behind is cut off. */
export const maxNameChars = 80
/** How much raw text is normalised before the cut: compatibility forms may shrink or grow a little. */
const maxRawChars = 240

/** What a name is made of: one Han character, one run of digits, or one word of any other script. */
export interface Unit {
  readonly kind: 'han' | 'number' | 'word'
  readonly text: string
}

const unitPattern = /\p{Script=Han}|\p{Nd}+|(?:(?!\p{Script=Han})[\p{L}\p{M}])+/gu
const han = /^\p{Script=Han}$/u
const digits = /^\p{Nd}+$/u

/**
 * The units of a name: full-width forms, case, Latin accents, apostrophes, spaces and punctuation make no difference.
 * Any text is accepted; one without letters or digits has no units.
 */
export function placeUnits(text: string): Unit[] {
  const plain = text
    .slice(0, maxRawChars)
    .normalize('NFKD')
    .replace(/[\u0300-\u036f'’ʼ`]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .slice(0, maxNameChars)
  return Array.from(plain.matchAll(unitPattern), ([unit]) => ({ kind: kindOf(unit), text: unit }))
}

function kindOf(unit: string): Unit['kind'] {
  if (han.test(unit)) return 'han'
  return digits.test(unit) ? 'number' : 'word'
}

/** All units in a row: "Tian He Road" and "Tianhe Road" are alike. */
export function compact(units: readonly Unit[]): string {
  return units.map((unit) => unit.text).join('')
}
