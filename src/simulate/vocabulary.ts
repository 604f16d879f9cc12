import type { SentData } from './feed-event.ts'

/** What an alarm says, apart from where and when. */
export type AlarmWords = Pick<
  SentData<'AlarmRaised'>,
  'alarmType' | 'probableCause' | 'specificProblem' | 'perceivedSeverity'
>

const words = (
  alarmType: AlarmWords['alarmType'],
  perceivedSeverity: AlarmWords['perceivedSeverity'],
  probableCause: string,
  specificProblem?: string,
): AlarmWords => ({
  alarmType,
  perceivedSeverity,
  probableCause,
  ...(specificProblem === undefined ? {} : { specificProblem }),
})

const communications = 'COMMUNICATIONS_ALARM'
const equipment = 'EQUIPMENT_ALARM'
const environment = 'ENVIRONMENTAL_ALARM'
const quality = 'QUALITY_OF_SERVICE_ALARM'

/** Vendors name one thing in many ways; a network with several vendors hears them all. */
export const siteOutage: readonly AlarmWords[] = [
  words(equipment, 'CRITICAL', 'Out of Service', 'Base Station Out of Service'),
  words(communications, 'CRITICAL', 'NE Is Disconnected', 'NE Is Disconnected'),
  words(equipment, 'CRITICAL', '基站退服', '基站退服'),
  words(communications, 'CRITICAL', 'node_not_reachable'),
]
export const siteTransmission: readonly AlarmWords[] = [
  words(communications, 'MAJOR', 'Transmission link down', 'Loss Of Signal'),
  words(communications, 'MAJOR', '传输中断', '传输链路中断'),
  words(communications, 'MAJOR', 'link_down'),
]
export const siteInterface = words(communications, 'MAJOR', 'S1 Interface Fault', 'S1 Interface Fault')
export const cellOutage: readonly AlarmWords[] = [
  words(quality, 'MAJOR', 'Cell Unavailable', 'Cell Unavailable'),
  words(quality, 'MAJOR', '小区退服', '小区退服'),
]
export const siteDegraded: readonly AlarmWords[] = [
  words(quality, 'MAJOR', 'Cell Capability Degraded', 'Cell Capability Degraded'),
  words(equipment, 'MAJOR', 'RF Unit VSWR Threshold Crossed', 'RF Unit VSWR Threshold Crossed'),
  words(quality, 'MINOR', 'Cell Capability Degraded', 'Cell Reception Degraded'),
  words(quality, 'MAJOR', 'Uplink interference', 'RSSI abnormal'),
]
export const aggregationOutage: readonly AlarmWords[] = [
  words(equipment, 'CRITICAL', 'BSC out of service', 'BSC out of service'),
  words(communications, 'CRITICAL', 'node_not_reachable'),
  words(communications, 'CRITICAL', 'NE Is Disconnected', 'NE Is Disconnected'),
]
export const mainsFailure: readonly AlarmWords[] = [
  words(environment, 'MAJOR', 'Mains Input Out of Range', 'Mains Input Out of Range'),
  words(environment, 'MAJOR', 'Mains failure', 'AC Input Failure'),
  words(environment, 'MAJOR', '市电停电', '市电停电'),
]
export const feederFailure = words(environment, 'CRITICAL', 'Mains failure', 'Feeder without voltage')
export const batteryDischarge = words(environment, 'MINOR', 'Battery Discharge', 'Battery Discharge')
export const lowBattery = words(environment, 'MAJOR', 'Low battery', 'Battery voltage low')
export const linkFlap = words(communications, 'MAJOR', 'link_down', 'Transmission link down')

/** Most of what an NMS says, and nothing that a customer would notice. */
export const harmless: readonly AlarmWords[] = [
  words(environment, 'WARNING', 'Door Open', 'Door Open'),
  words(environment, 'MINOR', '门禁告警', '门禁告警'),
  words(equipment, 'MAJOR', 'BBU Fan Stalled', 'BBU Fan Stalled'),
  words(equipment, 'MINOR', '风扇故障', '风扇故障'),
  words(environment, 'MINOR', 'High Temperature', 'Cabinet Temperature High'),
  words(environment, 'WARNING', 'Battery Test', 'Battery test in progress'),
  words('PROCESSING_ERROR_ALARM', 'MINOR', 'License expired', 'License on trial expired'),
  words(equipment, 'WARNING', 'RF Unit VSWR Threshold Crossed', 'RF Unit VSWR Minor'),
  words(quality, 'WARNING', 'Threshold crossed', 'Handover success rate below threshold'),
  words(communications, 'MINOR', 'Clock reference problem', 'External Clock Reference Lost'),
  words(environment, 'WARNING', 'Humidity', 'Cabinet Humidity High'),
  words('OPERATIONAL_VIOLATION', 'WARNING', 'Configuration data inconsistent'),
]
