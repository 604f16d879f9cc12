import { z } from 'zod'
import { alarmChanged, alarmCleared, alarmRaised } from './alarm.ts'
import { stampFields } from './command-stamp.ts'
import { sourceName } from './envelope.ts'
import { instantInput } from './instant.ts'

const stamp = {
  ...stampFields,
  source: sourceName.describe('The NMS that sends it; alarm ids are unique within it'),
}

/** What happened to one alarm, with the fields of that. */
export const alarmMessage = z.discriminatedUnion('event', [
  z.strictObject({ event: z.literal('raised'), ...stamp, ...alarmRaised.shape }),
  z.strictObject({ event: z.literal('changed'), ...stamp, ...alarmChanged.shape }),
  z.strictObject({ event: z.literal('cleared'), ...stamp, ...alarmCleared.shape }),
])
export type AlarmMessage = z.infer<typeof alarmMessage>

/** The most alarms of one list. */
export const maxSnapshotAlarms = 500_000

/** One source's full list of active alarms: what is absent from it has cleared. */
export const alarmSnapshot = z.strictObject({
  source: sourceName,
  takenAt: instantInput,
  alarms: z
    .array(
      z.strictObject({
        ...alarmRaised.shape,
        raisedAt: instantInput.optional().describe('Left out: when the list was taken'),
      }),
    )
    .max(maxSnapshotAlarms),
})
export type AlarmSnapshot = z.infer<typeof alarmSnapshot>
