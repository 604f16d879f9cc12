import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { eventData } from '../../schemas/event.ts'
import { judgeParsed } from '../../src/intake/judge-line.ts'
import { createPlaceIndex } from '../../src/places/place-index.ts'
import { demoCity } from '../../src/simulate/demo-city.ts'
import type { SimulatedEvent } from '../../src/simulate/feed-event.ts'
import { parseInventory } from '../../src/simulate/parse-inventory.ts'
import { presets, presetNames, type PresetName } from '../../src/simulate/presets.ts'
import { createRandom } from '../../src/simulate/random.ts'
import { simInventory, type SimInventory } from '../../src/simulate/sim-inventory.ts'
import { inventoryRegisteredMs, simulateDay, simulateWorldDay } from '../../src/simulate/simulate-day.ts'
import { simWorld } from '../../src/simulate/sim-world.ts'
import { complaintsOf, summarise } from '../../src/simulate/summary.ts'

const startMs = Date.UTC(2026, 1, 28, 16)
const cellList = '../shared/data/lte-cells/cells.csv'
if (!existsSync(cellList))
  console.warn(`simulated days over the real inventory are not tested: no ${cellList}`)

function realInventory(): SimInventory {
  return simInventory(parseInventory(readFileSync(cellList, 'utf8'), inventoryRegisteredMs(startMs)))
}

function cityDay(preset: PresetName, seed: string): SimulatedEvent[] {
  const params = { ...presets[preset], startMs, days: 1 }
  return [...simulateWorldDay(params, demoCity(seed, params).world)]
}

describe('a simulated day', () => {
  const day = cityDay('default', '1')

  it('has the same bytes for the same seed, and others for another', () => {
    const text = (events: readonly SimulatedEvent[]): string =>
      events.map((one) => JSON.stringify(one)).join('\n')
    expect(text(cityDay('default', '1'))).toBe(text(day))
    expect(text(cityDay('default', '2'))).not.toBe(text(day))
  })

  it('comes by arrival, every id once', () => {
    const arrivals = day.map(({ event }) => event.recordedAt)
    expect(arrivals).toEqual(arrivals.toSorted())
    expect(new Set(day.map(({ event }) => event.id)).size).toBe(day.length)
  })

  it('holds only what the schemas of stored events take, in every preset', () => {
    for (const preset of presetNames) {
      for (const { event } of preset === 'default' ? day : cityDay(preset, '3')) {
        const checked = eventData[event.type].safeParse(event.data)
        expect(checked.success ? undefined : [event.type, checked.error.issues]).toBeUndefined()
        expect(event.recordedAt >= event.occurredAt || event.type.startsWith('Cutover')).toBe(true)
      }
    }
  })

  it('is taken line by line as bulk input takes it', () => {
    const places = createPlaceIndex()
    const refused = cityDay('demo', '2').flatMap(({ event }) => {
      const judged = judgeParsed(event, {
        recordedAt: event.recordedAt,
        nowMs: Date.parse(event.recordedAt),
        maxFutureMs: 0,
        maxDepth: 32,
        actor: 'unverified',
        places,
        customerRef: (raw) => raw,
      })
      if (judged.kind === 'refused') return [judged.reason]
      return judged.event.id === event.id ? [] : ['has another id']
    })
    expect(refused).toEqual([])
  })

  it('shows works that are moved, cancelled, overrun, and silent', () => {
    const ids = (type: string): Set<string> =>
      new Set(
        day.flatMap(({ event }) =>
          event.type === type && 'cutoverId' in event.data ? [event.data.cutoverId] : [],
        ),
      )
    const busy = cityDay('demo', '1')
    const seen = new Set(busy.map(({ event }) => event.type))
    expect([...seen]).toEqual(
      expect.arrayContaining(['CutoverRescheduled', 'CutoverCancelled', 'CutoverFinished']),
    )
    const ends = new Map(
      busy.flatMap(({ event }) =>
        event.type === 'CutoverPlanned' ? [[event.data.cutoverId, event.data.plannedEnd] as const] : [],
      ),
    )
    const overrun = busy.filter(
      ({ event }) =>
        event.type === 'CutoverFinished' &&
        Date.parse(event.occurredAt) > Date.parse(ends.get(event.data.cutoverId) ?? '') + 15 * 60_000,
    )
    expect(overrun.length).toBeGreaterThan(0)
    expect(ids('CutoverPlanned').size).toBeGreaterThan(ids('CutoverStarted').size)
  })

  it('tells the truth of every complaint, and names only what the events show', () => {
    const complaints = complaintsOf(day)
    const raised = new Map<string, SimulatedEvent['event'] & { type: 'AlarmRaised' }>(
      day.flatMap(({ event }) =>
        event.type === 'AlarmRaised'
          ? [[`${event.source}/${event.data.alarmId}@${event.occurredAt}`, event] as const]
          : [],
      ),
    )
    const shown = new Set(
      day.flatMap(({ event }) => {
        if (event.type === 'CutoverPlanned') return [event.data.cutoverId]
        if (event.type === 'CoverageGapReported') return [event.data.gapId]
        return event.type === 'AdvisoryPublished' ? [event.data.advisoryId] : []
      }),
    )
    const networkOf = new Map(
      day.flatMap(({ event }) =>
        event.type === 'ElementRegistered' ? [[event.data.elementId, event.data.network] as const] : [],
      ),
    )
    expect(complaints).toHaveLength(day.filter(({ event }) => event.type === 'ComplaintReceived').length)
    for (const { event, truth } of complaints) {
      expect(truth.complaintId).toBe(event.data.complaintId)
      expect(truth.cause.kind === 'none').toBe(truth.accepted.length === 0)
      expect(truth.time <= event.data.reportedAt).toBe(true)
      for (const { kind, id } of truth.accepted) {
        if (kind !== 'alarm') expect(shown).toContain(id)
        else {
          const network = networkOf.get(raised.get(id)?.data.elementId ?? '')
          expect(raised.has(id)).toBe(true)
          // Another operator's alarm never causes it; mains feeders belong to nobody.
          if (network !== undefined && event.data.network !== undefined)
            expect(network).toBe(event.data.network)
        }
      }
    }
  })

  it('holds complaints of every hard kind', () => {
    const complaints = complaintsOf(day)
    const count = (test: (one: (typeof complaints)[number]) => boolean): number =>
      complaints.filter(test).length
    expect(count(({ truth }) => truth.hidden !== undefined)).toBeGreaterThan(10)
    expect(count(({ truth }) => truth.repeat === true)).toBeGreaterThan(50)
    expect(count(({ truth }) => truth.scope === 'notNetwork')).toBeGreaterThan(50)
    expect(count(({ truth }) => truth.scope === 'customerSide')).toBeGreaterThan(30)
    expect(count(({ event }) => event.data.symptom === undefined)).toBeGreaterThan(100)
    expect(count(({ event }) => event.data.place === undefined)).toBeGreaterThan(30)
    const places = complaints.flatMap(({ event }) =>
      event.data.place ? [event.data.place.location.point.join()] : [],
    )
    const most = Math.max(
      ...[...new Set(places)].map((one) => places.filter((other) => other === one).length),
    )
    expect(most).toBeGreaterThan(20)
  })
})

describe('how hard a day is', () => {
  it('over the built-in city: most alarms hurt nobody, several causes overlap, the baseline is often wrong', () => {
    const params = { ...presets.default, startMs, days: 1 }
    const { world } = demoCity('1', params)
    const summary = summarise(world, params, [...simulateWorldDay(params, world)])
    expect(summary.harmlessAlarmShare).toBeGreaterThanOrEqual(0.5)
    expect(summary.overlapShare).toBeGreaterThanOrEqual(0.3)
    expect(summary.naiveTop1).toBeGreaterThanOrEqual(0.35)
    expect(summary.naiveTop1).toBeLessThanOrEqual(0.5)
  })

  it.skipIf(!existsSync(cellList))(
    'over the real inventory: the same on every seed, and harsh is harder',
    () => {
      const inventory = realInventory()
      expect(inventory.sites).toHaveLength(601)
      expect(inventory.networks).toHaveLength(4)
      const figures = (preset: PresetName, seed: string): ReturnType<typeof summarise> => {
        const params = { ...presets[preset], startMs, days: 1 }
        const random = createRandom(seed)
        return summarise(simWorld(params, inventory, random), params, [
          ...simulateDay(params, inventory, random),
        ])
      }
      for (const seed of ['1', '2', '3']) {
        const usual = figures('default', seed)
        expect(usual.harmlessAlarmShare).toBeGreaterThanOrEqual(0.5)
        expect(usual.overlapShare).toBeGreaterThanOrEqual(0.3)
        expect(usual.naiveTop1).toBeGreaterThanOrEqual(0.35)
        expect(usual.naiveTop1).toBeLessThanOrEqual(0.5)
        expect(figures('harsh', seed).naiveTop1).toBeLessThan(usual.naiveTop1)
      }
    },
  )

  it('shares out all complaints', () => {
    for (const name of presetNames) {
      const sum = Object.values(presets[name].shares).reduce((total, share) => total + share, 0)
      expect(sum).toBeCloseTo(1, 9)
    }
  })
})
