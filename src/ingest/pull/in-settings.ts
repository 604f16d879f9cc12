/** What reads files for `causeway import` names its options; those of a puller are settings. */
const settings: readonly (readonly [RegExp, string])[] = [
  [/--encoding\b/g, 'encoding'],
  [/--time-format\b/g, 'timeFormat'],
  [/--zone\b/g, 'zone'],
]

/** A sentence about a file, for somebody who has no options but settings. */
export function inSettings(sentence: string): string {
  return settings.reduce((text, [option, setting]) => text.replace(option, setting), sentence)
}
