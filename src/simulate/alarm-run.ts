import type { CauseRef } from '../../schemas/attribution.ts'
import { between, chance, hexId, integerBetween } from './draws.ts'
import { feedEvent, wholeSeconds, type SimulatedEvent } from './feed-event.ts'
import type { Random } from './random.ts'
import type { AlarmDelivery } from './sim-params.ts'
import type { AlarmWords } from './vocabulary.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs

export interface AlarmSpan {
  readonly elementId: string
  readonly network: string
  readonly fromMs: number
  readonly toMs: number
  readonly words: AlarmWords
}

/** One alarm as the feed tells it: raised, perhaps several times, and cleared, if anyone hears of it. */
export interface AlarmRun {
  readonly facts: readonly SimulatedEvent[]
  /** One for each time that it was raised; empty where the feed lost it. */
  readonly refs: readonly CauseRef[]
}

interface RunOptions {
  /** The element takes others with it: its own alarm is late or lost more often, for its link is what failed. */
  readonly root?: boolean
  readonly flapping?: boolean
}

export function alarmSource(network: string): string {
  return `nms-${network}`
}

export function alarmRun(
  delivery: AlarmDelivery,
  span: AlarmSpan,
  random: Random,
  { root = false, flapping = false }: RunOptions = {},
): AlarmRun {
  if (chance(random, root ? delivery.rootMissingShare : delivery.missingShare)) return { facts: [], refs: [] }
  const source = alarmSource(span.network)
  const alarmId = hexId(random, 10)
  const facts: SimulatedEvent[] = []
  const refs: CauseRef[] = []
  const spells = flapping ? spellsOf(span, random) : [span]
  for (const [index, spell] of spells.entries()) {
    const raisedAt = wholeSeconds(spell.fromMs)
    const heardMs = spell.fromMs + delayMs(delivery, root, random)
    const { elementId } = span
    facts.push({
      event: feedEvent('AlarmRaised', source, spell.fromMs, heardMs, `${alarmId}@${raisedAt}`, {
        alarmId,
        elementId,
        ...span.words,
      }),
    })
    refs.push({ kind: 'alarm', id: `${source}/${alarmId}@${raisedAt}` })
    // A clear that never came would make the next raise of the same alarm no news; only the last one is lost.
    if (index === spells.length - 1 && chance(random, delivery.missingClearShare)) continue
    const clearHeardMs = Math.max(spell.toMs + delayMs(delivery, false, random), heardMs + secondMs)
    facts.push({
      event: feedEvent(
        'AlarmCleared',
        source,
        spell.toMs,
        clearHeardMs,
        `${alarmId}@${wholeSeconds(spell.toMs)}`,
        {
          alarmId,
        },
      ),
    })
  }
  return { facts, refs }
}

/** Comes and goes: two to six spells that together fill most of the span. */
function spellsOf(span: AlarmSpan, random: Random): { fromMs: number; toMs: number }[] {
  const count = integerBetween(random, 2, 6)
  const pitchMs = (span.toMs - span.fromMs) / count
  if (pitchMs < 20 * secondMs) return [span]
  return Array.from({ length: count }, (_, index) => {
    const fromMs = span.fromMs + index * pitchMs
    return { fromMs, toMs: fromMs + pitchMs * between(random, 0.5, 0.9) }
  })
}

function delayMs(delivery: AlarmDelivery, root: boolean, random: Random): number {
  const at = random.next()
  if (root && at < delivery.rootLateShare) return between(random, 10 * minuteMs, 90 * minuteMs)
  if (at < delivery.veryLateShare) return between(random, 20 * minuteMs, 120 * minuteMs)
  if (at < delivery.veryLateShare + delivery.lateShare) return between(random, 2 * minuteMs, 20 * minuteMs)
  return between(random, 3 * secondMs, 120 * secondMs)
}
