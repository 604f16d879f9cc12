import type { Question } from '../../schemas/attribution.ts'
import type { LonLat } from '../../schemas/geo.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import type { Bilingual } from '../../schemas/text.ts'
import { type Complaint, type ElementNode, siteOf } from './model.ts'
import type { Explanation } from './explanation.ts'
import { bearingDegrees, distanceMeters } from './geometry.ts'
import { pointOf } from './serving-index.ts'
import { say } from './words.ts'
import type { World } from './world.ts'

/** A runner-up below this is not worth naming in a question. */
const minRunnerUp = 0.1

/** The one question that best separates the leaders: "was it near Baima Garden, or by the metro?" */
export function questionFor(
  complaint: Complaint,
  ranked: readonly Explanation[],
  { ruleset, topology }: World,
): Question {
  const options: Question['options'] = []
  for (const explanation of ranked) {
    if (options.length === 2 || (options.length === 1 && explanation.probability < minRunnerUp)) break
    const option = optionFor(complaint, explanation, (node) =>
      topology.upstreamOf(node).map((upstream) => upstream.node),
    )
    // Two causes at one place cannot be told apart by asking where it was.
    if (options.every(({ about }) => about.kind !== option.about.kind || about.id !== option.about.id))
      options.push(option)
  }
  const [a, b] = options
  const fill = { ...(a && { a: a.label }), ...(b && { b: b.label }) }
  return { options, words: say(ruleset, b === undefined ? 'ask' : 'ask.or', fill) }
}

/** Asked where no place is known. */
export function whereQuestion(ruleset: Ruleset): Question {
  return { options: [], words: say(ruleset, 'ask.where') }
}

function optionFor(
  complaint: Complaint,
  { best: { cause } }: Explanation,
  above: (node: ElementNode) => ElementNode[],
): Question['options'][number] {
  if (cause.kind === 'gap' || cause.kind === 'advisory')
    return {
      about: { kind: cause.kind, id: cause.id },
      label: cause.spoken ?? { zh: cause.title, en: cause.title },
    }
  const serving = complaint.hits
    .filter(
      ({ node }) =>
        cause.nodes.includes(node) || above(node).some((upstream) => cause.nodes.includes(upstream)),
    )
    .sort((x, y) => y.share - x.share || (x.node.id < y.node.id ? -1 : 1))[0]?.node
  const at = serving ?? cause.nodes[0]
  const node = at && siteOf(at)
  if (node === undefined)
    return { about: { kind: 'cutover', id: cause.id }, label: { zh: cause.title, en: cause.title } }
  return { about: { kind: 'element', id: node.id }, label: spokenName(node, complaint.point) }
}

const hasHan = /\p{Script=Han}/u
/** Codes: digits or underscores and no lower-case word or Chinese character beside them. */
const isCode = (name: string): boolean =>
  !hasHan.test(name) && (/[\d_]/.test(name) || !/\p{Ll}{2}/u.test(name))

/** A place name that a customer knows: the element's, where it is one; else where it lies from the stated place. */
export function spokenName(node: ElementNode, from: LonLat | undefined): Bilingual {
  const names = [node.element?.name ?? node.id, ...(node.element?.aliases ?? [])].filter(
    (name) => !isCode(name),
  )
  const zh = names.find((name) => hasHan.test(name))
  const en = names.find((name) => !hasHan.test(name))
  const any = zh ?? en
  if (any !== undefined) return { zh: zh ?? any, en: en ?? any }
  const point = pointOf(node)
  if (from === undefined || point === undefined) return { zh: '附近', en: 'close by' }
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
