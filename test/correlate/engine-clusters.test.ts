import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clusterBatch } from '../../src/correlate/clusters/cluster-batch.ts'
import { createEngine, type Decision, type Input } from '../../src/correlate/engine.ts'
import { defaultRuleset } from '../../src/domain/default-ruleset.ts'
import { clock, hourMs, input, startOfDay } from './day.ts'
import { arriving, dayOfFacts, town } from './random-day.ts'

/** The partition that a reader of the log sees, from the decisions alone. */
function partitionOf(decisions: readonly Decision[]): string[][] {
  const clusterOf = new Map<string, string>()
  for (const event of decisions) {
    if (event.type === 'ClusterOpened')
      for (const id of event.data.complaintIds) clusterOf.set(id, event.data.clusterId)
    if (event.type === 'ComplaintClustered') {
      if (event.data.clusterId === undefined) clusterOf.delete(event.data.complaintId)
      else clusterOf.set(event.data.complaintId, event.data.clusterId)
    }
    if (event.type === 'ClustersMerged')
      for (const [id, of] of clusterOf) if (of === event.data.fromId) clusterOf.set(id, event.data.intoId)
  }
  return groups(clusterOf)
    .map((ids) => ids.sort())
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
}

function groups(clusterOf: ReadonlyMap<string, string>): string[][] {
  const members = new Map<string, string[]>()
  for (const [id, of] of clusterOf) members.set(of, [...(members.get(of) ?? []), id])
  return [...members.values()]
}

test('E3: what the log says of clusters equals clustering all complaints that were not withdrawn at once', () => {
  // A generous reach, so that a few dozen complaints make clusters that grow, merge and lose members.
  const clusters = { ...defaultRuleset.clusters, epsMeters: 450, epsMs: 40 * 60_000, minCustomers: 3 }
  const ruleset = { ...defaultRuleset, version: 'dense', clusters }
  fc.assert(
    fc.property(dayOfFacts, fc.infiniteStream(fc.nat(3)), (facts, dice) => {
      const complaints = arriving(facts).filter(({ type }) => type === 'ComplaintReceived')
      const withdrawn = new Set(complaints.filter(() => dice.next().value === 0).map(idOf))
      const afterMs = clock('17:00')
      const inputs = [
        startOfDay(ruleset),
        ...town(),
        ...complaints,
        ...[...withdrawn].map((complaintId) => input('ComplaintWithdrawn', afterMs, { complaintId })),
        input('ClockTicked', afterMs + hourMs, {}),
      ]
      const engine = createEngine()
      const decisions = inputs.flatMap((event) => engine.decide(event))
      const repeats = new Set(
        decisions.flatMap((event) =>
          event.type === 'CauseAttributed' && event.data.repeatOf ? [event.data.complaintId] : [],
        ),
      )
      const batch = clusterBatch(
        complaints.filter((event) => !withdrawn.has(idOf(event))).map((event) => placed(event, repeats)),
        clusters,
      )
      expect(partitionOf(decisions)).toEqual(batch)
    }),
    { numRuns: 80, seed: 20260302 },
  )
})

const idOf = (event: Input): string => (event.type === 'ComplaintReceived' ? event.data.complaintId : '')

function placed(event: Input, repeats: ReadonlySet<string>): Parameters<typeof clusterBatch>[0][number] {
  if (event.type !== 'ComplaintReceived') throw new Error('only complaints cluster')
  const {
    complaintId,
    customerRef = '',
    network = '',
    service = '',
    symptom,
    trouble,
    reportedAt,
    place,
  } = event.data
  const family = Object.entries(defaultRuleset.symptomFamilies).find(
    ([, of]) => symptom !== undefined && of.includes(symptom),
  )?.[0]
  const [lon, lat] = place?.location.point ?? [0, 0]
  return {
    id: complaintId,
    lane: JSON.stringify([network, service, family ?? '']),
    lon,
    lat,
    timeMs:
      trouble.from === undefined
        ? Date.parse(reportedAt) - defaultRuleset.times.unstatedTroubleMs / 2
        : Date.parse(trouble.from),
    customerRef,
    dense: !repeats.has(complaintId),
  }
}
