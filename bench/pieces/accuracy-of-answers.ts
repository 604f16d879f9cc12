import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Event } from '../../schemas/event.ts'
import { toInstant, toMs } from '../../schemas/instant.ts'
import { createEngine, engineVersion, type Input } from '../../src/correlate/engine.ts'
import { defaultRuleset } from '../../src/domain/default-ruleset.ts'
import { runAccuracy } from '../accuracy/accuracy.ts'
import { answersOf, type Attributed } from '../accuracy/answer.ts'
import { root } from '../peers.ts'
import type { Piece } from '../piece.ts'
import { machineEvent } from '../machine-event.ts'

/** Real cells of four operators, beside the repository where they are at hand; else the built-in city. */
const cells = join(root, '..', 'shared', 'data', 'lte-cells', 'cells.csv')
const seeds = ['1', '2', '3']
const moreSeeds = ['4', '5', '6', '7', '8']
const dayMs = 86_400_000

/** Simulated days: how often the engine is right, beside the naive baseline and an oracle. */
export const accuracyOfAnswers: Piece = async ({ full, say }) => {
  const real = existsSync(cells)
  const inventory = real ? { inventoryText: readFileSync(cells, 'utf8') } : {}
  const rows = []
  for (const preset of ['default', 'harsh'] as const) {
    say(`${preset} days`)
    rows.push(
      ...(await runAccuracy({
        preset,
        seeds: full ? [...seeds, ...moreSeeds] : seeds,
        attribute: attributeAll,
        ...inventory,
      })),
    )
  }
  const where = real ? '3,237 real cells' : 'THE BUILT-IN CITY: the real cells are not at hand'
  return rows.map((row) => ({ ...row, note: `${row.note}; ${where}` }))
}

/** The engine's last word on each complaint, all deadlines past; and the cluster in which it ended. */
function attributeAll(events: readonly Event[]): ReadonlyMap<string, Attributed> {
  const engine = createEngine()
  const last = new Map<string, Attributed>()
  const clusters = new Map<string, string>()
  const mergedInto = new Map<string, string>()
  const take = (input: Event): void => {
    for (const decision of engine.decide(input as Input)) {
      switch (decision.type) {
        case 'CauseAttributed':
          last.set(decision.data.complaintId, { answers: answersOf(decision.data) })
          break
        case 'ClusterOpened':
          for (const id of decision.data.complaintIds) clusters.set(id, decision.data.clusterId)
          break
        case 'ComplaintClustered':
          if (decision.data.clusterId === undefined) clusters.delete(decision.data.complaintId)
          else clusters.set(decision.data.complaintId, decision.data.clusterId)
          break
        case 'ClustersMerged':
          mergedInto.set(decision.data.fromId, decision.data.intoId)
          break
        case 'ClusterClosed':
        case 'AlarmCorrelated':
        case 'OutageOpened':
        case 'OutageChanged':
        case 'OutageEnded':
        case 'OutageSuspected':
        case 'SuspicionResolved':
        case 'GapCandidateFound':
          break
      }
    }
  }
  const sorted = events.toSorted((a, b) =>
    a.recordedAt < b.recordedAt ? -1 : a.recordedAt > b.recordedAt ? 1 : 0,
  )
  take(
    machineEvent('RulesetActivated', sorted[0]?.recordedAt ?? '', { ruleset: defaultRuleset, engineVersion }),
  )
  for (const event of sorted) take(event)
  const endMs = toMs(sorted.at(-1)?.recordedAt ?? '') + dayMs
  take(machineEvent('ClockTicked', toInstant(endMs), {}))
  const finalCluster = (id: string | undefined): string | undefined => {
    let at = id
    for (let next = at; next !== undefined; next = mergedInto.get(next)) at = next
    return at
  }
  return new Map(
    [...last].map(([id, attributed]) => {
      const clusterId = finalCluster(clusters.get(id))
      return [id, clusterId === undefined ? attributed : { ...attributed, clusterId }]
    }),
  )
}
