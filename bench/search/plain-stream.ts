import type { Event, EventOf, EventType } from '../../schemas/event.ts'
import { toMs } from '../../schemas/instant.ts'
import { createImpactTable } from '../../src/correlate/impact.ts'
import { defaultRuleset } from '../../src/domain/default-ruleset.ts'
import type { PlainCause, PlainComplaint } from './plain-score.ts'

/** What happens to the live causes, and who asks. */
export type Step =
  | { readonly kind: 'add' | 'end' | 'remove'; readonly cause: PlainCause; readonly endMs: number }
  | { readonly kind: 'ask'; readonly complaint: PlainComplaint }

const toldTypes = [
  'ElementRegistered',
  'AlarmRaised',
  'AlarmCleared',
  'CutoverPlanned',
  'CutoverStarted',
  'CutoverFinished',
  'CoverageGapReported',
  'ComplaintReceived',
] as const satisfies readonly EventType[]
type Told = EventOf<(typeof toldTypes)[number]>

function isTold(event: Event): event is Told {
  return (toldTypes as readonly EventType[]).includes(event.type)
}

/** Complaints come late, so a cause stays findable for this long after its end. */
const recentMs = 12 * 3_600_000

/**
 * The city's events as steps on live causes: alarms that hurt someone (by the default ruleset, as in the engine), works
 * from their start, gaps. Alarms of elements without a position are left out: plain search knows no graph.
 */
export function plainSteps(events: Iterable<Event>): Step[] {
  const impacts = createImpactTable(defaultRuleset)
  const sites = new Map<string, PlainCause['point']>()
  const works = new Map<string, string>()
  const live = new Map<string, PlainCause>()
  const leaving = new Map<number, PlainCause[]>()
  const steps: Step[] = []
  let swept = 0

  const add = (key: string, startMs: number, at: Pick<PlainCause, 'elementId' | 'area' | 'point'>): void => {
    const cause: PlainCause = { key, ...at, startMs, endMs: Infinity }
    live.set(key, cause)
    steps.push({ kind: 'add', cause, endMs: Infinity })
  }
  const onSite = (elementId: string | undefined) => {
    const point = elementId === undefined ? undefined : sites.get(elementId)
    return point && { elementId, area: undefined, point }
  }
  const end = (key: string, endMs: number): void => {
    const cause = live.get(key)
    if (cause === undefined) return
    live.delete(key)
    steps.push({ kind: 'end', cause, endMs })
    const minute = Math.ceil((endMs + recentMs) / 60_000)
    leaving.set(minute, [...(leaving.get(minute) ?? []), cause])
  }
  const sweep = (nowMs: number): void => {
    const minute = Math.floor(nowMs / 60_000)
    if (swept === 0) swept = minute
    for (; swept < minute; swept += 1) {
      for (const cause of leaving.get(swept) ?? []) steps.push({ kind: 'remove', cause, endMs: 0 })
      leaving.delete(swept)
    }
  }

  for (const event of events) {
    sweep(toMs(event.recordedAt))
    if (!isTold(event)) continue
    switch (event.type) {
      case 'ElementRegistered':
        if (event.data.location !== undefined) sites.set(event.data.elementId, event.data.location.point)
        break
      case 'AlarmRaised': {
        const site = onSite(event.data.elementId)
        const severity = event.data.perceivedSeverity
        const { effect } = impacts.ofAlarm({ data: event.data, severity, elementKind: 'site' })
        if (site !== undefined && effect !== 'none' && effect !== 'latent')
          add(`alarm:${event.data.alarmId}`, toMs(event.occurredAt), site)
        break
      }
      case 'AlarmCleared':
        end(`alarm:${event.data.alarmId}`, toMs(event.occurredAt))
        break
      case 'CutoverPlanned':
        works.set(event.data.cutoverId, event.data.elementIds[0] ?? '')
        break
      case 'CutoverStarted': {
        const site = onSite(works.get(event.data.cutoverId))
        if (site !== undefined) add(`cutover:${event.data.cutoverId}`, toMs(event.occurredAt), site)
        break
      }
      case 'CutoverFinished':
        end(`cutover:${event.data.cutoverId}`, toMs(event.occurredAt))
        break
      case 'CoverageGapReported': {
        const { area, gapId } = event.data
        if (area.kind === 'polygon' && area.ring[0] !== undefined)
          add(`gap:${gapId}`, 0, { elementId: undefined, area, point: area.ring[0] })
        break
      }
      case 'ComplaintReceived': {
        const { complaintId, place, trouble } = event.data
        if (place !== undefined && trouble.from !== undefined)
          steps.push({
            kind: 'ask',
            complaint: { id: complaintId, point: place.location.point, fromMs: toMs(trouble.from) },
          })
        break
      }
    }
  }
  return steps
}
