import type { CauseRef } from '../../schemas/attribution.ts'
import { toMs } from '../../schemas/instant.ts'
import type { FeedEvent } from './feed-event.ts'

/** One time that an alarm stood. An alarm that nobody cleared stands for ever. */
export interface AlarmSpell {
  readonly ref: CauseRef
  readonly elementId: string
  readonly fromMs: number
  toMs: number
}

/** The spells of all alarms by element. Works on the times in the world, whatever the order of arrival. */
export function alarmSpells(events: readonly FeedEvent[]): Map<string, AlarmSpell[]> {
  const byAlarm = new Map<string, AlarmSpell[]>()
  const byElement = new Map<string, AlarmSpell[]>()
  const add = (map: Map<string, AlarmSpell[]>, key: string, spell: AlarmSpell): void => {
    const list = map.get(key)
    if (list === undefined) map.set(key, [spell])
    else list.push(spell)
  }
  for (const event of events) {
    if (event.type !== 'AlarmRaised') continue
    const { alarmId, elementId } = event.data
    const key = `${event.source}/${alarmId}`
    const ref: CauseRef = { kind: 'alarm', id: `${key}@${event.occurredAt}` }
    const spell = { ref, elementId, fromMs: toMs(event.occurredAt), toMs: Infinity }
    add(byAlarm, key, spell)
    add(byElement, elementId, spell)
  }
  for (const event of events) {
    if (event.type !== 'AlarmCleared') continue
    const clearedMs = toMs(event.occurredAt)
    const begun = (byAlarm.get(`${event.source}/${event.data.alarmId}`) ?? []).filter(
      ({ fromMs }) => fromMs <= clearedMs,
    )
    const last = begun.reduce<AlarmSpell | undefined>(
      (latest, spell) => (latest === undefined || spell.fromMs > latest.fromMs ? spell : latest),
      undefined,
    )
    if (last !== undefined) last.toMs = Math.min(last.toMs, clearedMs)
  }
  return byElement
}
