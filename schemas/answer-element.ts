import { z } from 'zod'
import { answerAlarmInShort } from './answer-alarm.ts'
import { answerCutover } from './answer-cutover.ts'
import { estimateAct } from './answer-act.ts'
import { elementLink, elementRegistered } from './element.ts'
import { storedPoint } from './answer-geo.ts'
import { instant } from './instant.ts'

const alarmState = {
  alarmed: z.boolean(),
  recentlyAlarmed: z.boolean().describe('Cleared not long ago: it blinks'),
  inCutover: z.boolean(),
}

const element = z.strictObject({
  elementId: z.string(),
  facts: elementRegistered.extend({ location: storedPoint.optional() }),
  source: z.string(),
  retiredAt: instant.optional(),
  estimates: z.array(estimateAct).optional(),
})

/** An element in a list or on the map, with its alarm state. */
export const answerElement = element.extend(alarmState).meta({ id: 'Element' })

/** One element with its state, and what lies around it in the graph. */
export const answerElementWhole = element.extend({
  state: z.strictObject({
    ...alarmState,
    active: z.array(answerAlarmInShort),
    recent: z.array(answerAlarmInShort),
    cutovers: z.array(answerCutover),
  }),
  children: z.array(answerElement).describe('The first of them; the list goes on under /children'),
  dependsOn: z.array(elementLink),
  dependents: z.array(elementLink).describe('The first of them; the list goes on under /dependents'),
})

/** Where an element's work is felt. */
export const answerInfluence = z.strictObject({
  elementId: z.string(),
  box: z
    .tuple([z.number(), z.number(), z.number(), z.number()])
    .optional()
    .describe('West, south, east, north'),
  elements: z.int(),
  complete: z.boolean().describe('False where a named limit cut the search'),
})

/** An element that alarms name and the inventory does not know. */
export const answerUnknownElement = z.strictObject({
  elementId: z.string(),
  source: z.string(),
  firstAlarmAt: instant,
  firstAlarmId: z.string(),
})
