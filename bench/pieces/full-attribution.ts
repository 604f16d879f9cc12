import type { Event } from '../../schemas/event.ts'
import { newEvent } from '../../src/domain/new-event.ts'
import { toInstant } from '../../schemas/instant.ts'
import { createEngine, engineVersion, type Input } from '../../src/correlate/engine.ts'
import { defaultRuleset } from '../../src/domain/default-ruleset.ts'
import { wholeCity } from '../city-options.ts'
import { cityDays, cityStartMs } from '../city.ts'
import type { Piece } from '../piece.ts'
import { quantile, toRow } from '../row.ts'
import { engineSearcher } from '../search/engine-searcher.ts'
import { plainSteps } from '../search/plain-stream.ts'
import { measure, measuredComplaints, partsOf, warmUpComplaints } from './search-and-score.ts'

const machine = { source: 'bench', actor: 'bench' }

/** The rules, before everything else. */
export const firstRules = newEvent(
  'RulesetActivated',
  { ruleset: defaultRuleset, engineVersion },
  {
    subject: 'rulesets',
    notification: 'first',
    occurredAt: toInstant(cityStartMs - 2 * 3_600_000),
    recordedAt: toInstant(cityStartMs - 2 * 3_600_000),
    meta: machine,
  },
)

/** (b): the whole answer, amid the same stream: candidates, evidence, roots, outage, cluster, words. */
export const fullAttribution: Piece = async ({ say }) => {
  say('making the city')
  const events = [...cityDays(wholeCity)]
  const { warmUp, measured } = partsOf(plainSteps(events))
  say('plain score')
  const inventory = events.filter(({ type }) => type === 'ElementRegistered')
  measure(engineSearcher(inventory), warmUp, measured)
  const plain = measure(engineSearcher(inventory), warmUp, measured)
  say('full attribution')
  const full = decideStream(events)
  const note = `seed ${wholeCity.seed}; ${wholeCity.sites} sites; ${measuredComplaints} complaints amid ${full.events} events after ${warmUpComplaints} unmeasured; one run`
  return [
    toRow({
      name: 'b full attribution with evidence',
      unit: 'complaints/s',
      value: full.complaintsPerSecond,
      peer: { name: '(a) search and plain score, same process', value: plain.complaintsPerSecond },
      leastRatio: 0.5,
      note: `${note}; p50 ${quantile(full.microseconds, 0.5).toFixed(1)} us, p99 ${quantile(full.microseconds, 0.99).toFixed(1)} us of deciding a ComplaintReceived; deadlines due before it fire outside of it; ${full.explained} explained`,
    }),
    toRow({
      name: 'b all events decided',
      unit: 'events/s',
      value: full.eventsPerSecond,
      peer: { name: '(a) with causes coming and going', value: plain.stepsPerSecond },
      note: `${note}; alarms, works, complaints and revisions together; ${full.decisions} decisions`,
    }),
  ]
}

function tickBefore({ id, recordedAt }: Event): Input {
  const stamp = { subject: 'clock', notification: id, occurredAt: recordedAt, recordedAt, meta: machine }
  return newEvent('ClockTicked', {}, stamp) as Input
}

/** The engine over the same part of the stream that the plain search is measured over. */
function decideStream(events: readonly Event[]) {
  const engine = createEngine()
  engine.decide(firstRules as Input)
  const microseconds: number[] = []
  let complaints = 0
  let measuredEvents = 0
  let decisions = 0
  let explained = 0
  let startedMs = 0
  for (const event of events) {
    const isComplaint = event.type === 'ComplaintReceived'
    if (isComplaint) complaints += 1
    if (complaints <= warmUpComplaints) {
      engine.decide(event as Input)
      continue
    }
    if (complaints > warmUpComplaints + measuredComplaints) break
    if (measuredEvents === 0) startedMs = performance.now()
    measuredEvents += 1
    // What falls due by now is older inputs' work: it counts among all events, and not as this complaint's answer.
    if (isComplaint) decisions += engine.decide(tickBefore(event)).length
    const askedMs = performance.now()
    const decided = engine.decide(event as Input)
    if (isComplaint) {
      microseconds.push((performance.now() - askedMs) * 1000)
      if (decided.some((each) => each.type === 'CauseAttributed' && each.data.verdict === 'explained'))
        explained += 1
    }
    decisions += decided.length
  }
  return {
    complaintsPerSecond: 1e6 / (microseconds.reduce((sum, us) => sum + us, 0) / microseconds.length),
    eventsPerSecond: (measuredEvents / (performance.now() - startedMs)) * 1000,
    events: measuredEvents,
    microseconds,
    decisions,
    explained,
  }
}
