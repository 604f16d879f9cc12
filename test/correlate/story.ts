import type { Decision, Input } from '../../src/correlate/engine.ts'
import { clock, type Day, input, newDay } from './day.ts'

export const garden: [number, number] = [113.325, 23.135]
export const metro: [number, number] = [113.333, 23.135]
export const between: [number, number] = [113.329, 23.135]

/** An instant of the day, as senders write it. */
export const at = (time: string): string => new Date(clock(time)).toISOString()

export const element = (elementId: string, more: object = {}): Input =>
  input('ElementRegistered', clock('01:00'), { elementId, kind: 'aggregation', name: elementId, ...more })

export const site = (elementId: string, name: string, point: [number, number], more: object = {}): Input =>
  element(elementId, {
    kind: 'site',
    name,
    services: ['mobile'],
    location: { point },
    coverage: { kind: 'radius', radiusMeters: 800 },
    ...more,
  })

interface AlarmOptions {
  /** When it happened, where that is not when it arrives. */
  readonly happened?: string
  readonly probableCause?: string
  readonly alarmId?: string
}

export const raised = (
  time: string,
  elementId: string,
  {
    happened = time,
    probableCause = 'Out of Service',
    alarmId = `${probableCause} ${elementId}`,
  }: AlarmOptions = {},
): Input =>
  input(
    'AlarmRaised',
    clock(time),
    {
      alarmId,
      elementId,
      probableCause,
      alarmType: 'COMMUNICATIONS_ALARM',
      perceivedSeverity: 'CRITICAL',
    },
    { source: 'nms', happenedMs: clock(happened) },
  )

export const cleared = (
  time: string,
  elementId: string,
  {
    happened = time,
    probableCause = 'Out of Service',
    alarmId = `${probableCause} ${elementId}`,
  }: AlarmOptions = {},
): Input => input('AlarmCleared', clock(time), { alarmId }, { source: 'nms', happenedMs: clock(happened) })

/** The cause that an episode of an alarm is. */
export const episode = (elementId: string, start: string, probableCause = 'Out of Service'): object => ({
  kind: 'alarm',
  id: `nms/${probableCause} ${elementId}@${at(start)}`,
})

/** A customer calls about trouble since some time. */
export const call = (complaintId: string, time: string, since: string, more: object = {}): Input =>
  input('ComplaintReceived', clock(time), {
    complaintId,
    customerRef: `customer of ${complaintId}`,
    service: 'mobile',
    symptom: 'no-signal',
    reportedAt: at(time),
    trouble: { from: at(since) },
    place: { location: { point: garden }, uncertaintyMeters: 200 },
    ...more,
  })

export const amended = (time: string, complaintId: string, set: object): Input =>
  input('ComplaintAmended', clock(time), { complaintId, set })

export const works = (time: string, cutoverId: string, from: string, to: string, more: object): Input =>
  input('CutoverPlanned', clock(time), {
    cutoverId,
    title: 'Swap',
    plannedStart: at(from),
    plannedEnd: at(to),
    ...more,
  })

/** Two sites, 800 m from each other. */
export function twoSites(): Day {
  const day = newDay()
  day.feed(site('S1', 'Baima Garden', garden), site('S2', 'Tianhe Metro', metro))
  return day
}

/** The roots of the outages that are open, by their ids. */
export function openOutages(decisions: readonly Decision[]): Map<string, unknown> {
  const open = new Map<string, unknown>()
  for (const event of decisions) {
    if (event.type === 'OutageOpened') open.set(event.data.outageId, event.data.root)
    if (event.type === 'OutageChanged' && event.data.root) open.set(event.data.outageId, event.data.root)
    if (event.type === 'OutageEnded') open.delete(event.data.outageId)
  }
  return open
}
