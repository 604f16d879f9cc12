import type { Question } from '../../schemas/attribution.ts'
import type { LonLat } from '../../schemas/geo.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import type { Bilingual } from '../../schemas/text.ts'
import { dependsOn } from './candidates.ts'
import type { Explanation } from './explanation.ts'
import { bearingDegrees, boxOfArea, distanceMeters } from './geometry.ts'
import { type Complaint, type ElementNode, siteOf } from './model.ts'
import { pointOf } from './serving-index.ts'
import { say } from './words.ts'
import type { World } from './world.ts'

/** A runner-up below this is not worth naming in a question. */
const minRunnerUp = 0.1

type Option = Question['options'][number]

/**
 * The one question that best separates the leaders: "was it near Baima Garden, or by the metro?" Where none of them has
 * a name that a customer knows, where it happened is asked once more.
 */
export function questionFor(complaint: Complaint, ranked: readonly Explanation[], world: World): Question {
  const options = optionsFor(complaint, ranked, world)
  const [a, b] = options
  if (a === undefined) return whereQuestion(world.ruleset)
  const fill = { a: a.label, ...(b && { b: b.label }) }
  return { options, words: say(world.ruleset, b === undefined ? 'ask' : 'ask.or', fill) }
}

/** Is there anything left to ask that the customer has not been asked? */
export function isAnswerable(complaint: Complaint, ranked: readonly Explanation[], world: World): boolean {
  return (complaint.facts.confirmations ?? []).length === 0 || optionsFor(complaint, ranked, world).length > 0
}

/** Asked where no place is known. */
export function whereQuestion(ruleset: Ruleset): Question {
  return { options: [], words: say(ruleset, 'ask.where') }
}

function optionsFor(complaint: Complaint, ranked: readonly Explanation[], world: World): Option[] {
  const options: Option[] = []
  for (const explanation of ranked) {
    if (options.length === 2 || (explanation !== ranked[0] && explanation.probability < minRunnerUp)) break
    const option = optionFor(complaint, explanation, world)
    if (option === undefined || isAsked(complaint, option)) continue
    // Two causes at one place, or at two of one name, cannot be told apart by asking where it was.
    const isNew = options.every(
      ({ about, label }) =>
        (about.kind !== option.about.kind || about.id !== option.about.id) &&
        (label.zh !== option.label.zh || label.en !== option.label.en),
    )
    if (isNew) options.push(option)
  }
  return options
}

function isAsked({ facts }: Complaint, { about }: Option): boolean {
  return (facts.confirmations ?? []).some(
    (confirmation) => confirmation.about.kind === about.kind && confirmation.about.id === about.id,
  )
}

function optionFor(
  complaint: Complaint,
  { best: { cause } }: Explanation,
  { topology }: World,
): Option | undefined {
  const serving = complaint.hits
    .filter(({ node }) => dependsOn(node, cause, topology))
    .sort((x, y) => y.share - x.share || (x.node.id < y.node.id ? -1 : 1))[0]?.node
  const at = serving ?? cause.nodes[0]
  const node = at && siteOf(at)
  if (node !== undefined && cause.kind !== 'gap') {
    const label = spokenName(node, complaint.point)
    return label && { about: { kind: 'element', id: node.id }, label }
  }
  const label =
    spokenOf([cause.spoken ?? '']) ??
    directionTo(cause.area && middleOf(boxOfArea(cause.area)), complaint.point)
  return cause.kind === 'alarm' || label === undefined
    ? undefined
    : { about: { kind: cause.kind, id: cause.id }, label }
}

const middleOf = ([west, south, east, north]: ReturnType<typeof boxOfArea>): LonLat => [
  (west + east) / 2,
  (south + north) / 2,
]

const hasHan = /\p{Script=Han}/u
/** Codes: digits or underscores and no lower-case word or Chinese character beside them. */
const isCode = (name: string): boolean =>
  !hasHan.test(name) && (/[\d_]/.test(name) || !/\p{Ll}{2}/u.test(name))
/** In a Chinese name: `_BTS01`, `D-HLH`; but neither the 5 of a house nor the A of a block. */
const codeInHan = /[A-Za-z0-9_\-#./]*(?:_|-|#|[A-Za-z]{2}|[A-Za-z]\d|\d[A-Za-z])[A-Za-z0-9_\-#./]*/g

/** Of names that people gave a place, those that a customer would know. */
function spokenOf(names: readonly string[]): Bilingual | undefined {
  const spoken = names
    .map((name) => (hasHan.test(name) ? name.replaceAll(codeInHan, '').trim() : name))
    .filter((name) => name !== '' && !isCode(name))
  const zh = spoken.find((name) => hasHan.test(name))
  const en = spoken.find((name) => !hasHan.test(name))
  const any = zh ?? en
  return any === undefined ? undefined : { zh: zh ?? any, en: en ?? any }
}

/** A place name that a customer knows: the element's, where it is one; else where it lies from the stated place. */
function spokenName(node: ElementNode, from: LonLat | undefined): Bilingual | undefined {
  const { element } = node
  return spokenOf([element?.name ?? node.id, ...(element?.aliases ?? [])]) ?? directionTo(pointOf(node), from)
}

function directionTo(point: LonLat | undefined, from: LonLat | undefined): Bilingual | undefined {
  if (from === undefined || point === undefined) return undefined
  const hundreds = Math.max(1, Math.round(distanceMeters(from, point) / 100)) * 100
  const [zhSide, enSide] = compass[Math.round(bearingDegrees(from, point) / 45) % 8] ?? ['', '']
  return {
    zh: `您说的地点${zhSide}约${hundreds}米处`,
    en: `the area about ${hundreds} m ${enSide} of the place you named`,
  }
}

const compass = [
  ['北边', 'north'],
  ['东北', 'north-east'],
  ['东边', 'east'],
  ['东南', 'south-east'],
  ['南边', 'south'],
  ['西南', 'south-west'],
  ['西边', 'west'],
  ['西北', 'north-west'],
] as const
