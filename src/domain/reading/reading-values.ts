import type { z } from 'zod'
import type { accountState, deviceState, pattern, setting, stillOut } from '../../../schemas/complaint.ts'

export type AccountState = z.infer<typeof accountState>
export type DeviceState = z.infer<typeof deviceState>
export type TroubleSetting = z.infer<typeof setting>
export type TroublePattern = z.infer<typeof pattern>
export type StillOut = z.infer<typeof stillOut>
