import type { SimulationParams, TroubleKind } from './sim-params.ts'

/** A busy day of a network with several operators in one area. What the figures in the summary are stated for. */
const standard: SimulationParams = {
  preset: 'default',
  complaintsPerDay: 2000,
  shares: {
    'site-fault': 0.12,
    'cell-fault': 0.06,
    storm: 0.13,
    'power-fault': 0.06,
    cutover: 0.07,
    degradation: 0.09,
    'link-flap': 0.02,
    'sleeping-cell': 0.04,
    advisory: 0.03,
    gap: 0.08,
    'hidden-gap': 0.02,
    background: 0.13,
    'not-network': 0.09,
    'customer-side': 0.06,
  },
  incidentsPerDay: {
    'site-fault': 7,
    'cell-fault': 7,
    storm: 0.5,
    'power-fault': 4,
    'feeder-fault': 0.8,
    cutover: 4,
    degradation: 19,
    'link-flap': 3,
    'sleeping-cell': 2,
    advisory: 0.5,
    'harmless-alarm': 110,
  },
  everyMinutes: {},
  overrunShare: 0.17,
  gapsPerHundredSites: 32,
  hiddenGapShare: 0.2,
  delivery: {
    lateShare: 0.12,
    veryLateShare: 0.05,
    missingShare: 0.05,
    missingClearShare: 0.04,
    rootLateShare: 0.3,
    rootMissingShare: 0.1,
    flappingShare: 0.1,
  },
  telling: {
    place: { map: 0.3, home: 0.15, named: 0.42, 'default-geocode': 0.06, none: 0.07 },
    mapErrorMeters: 90,
    namedScaleMeters: 250,
    namedLimitMeters: 1500,
    wrongHomeShare: 0.2,
    wrongHomeMeters: 3000,
    time: { exact: 0.42, near: 0.3, rough: 0.18, unstated: 0.1 },
    unknownSymptomShare: 0.12,
    unknownNetworkShare: 0.06,
    servedByShare: 0.12,
    servedByRight: 0.92,
    patternShare: 0.5,
    settingShare: 0.5,
    repeatShare: 0.1,
    misjudgedShare: 0.12,
  },
  shadowDecibels: 6,
  dayRhythm: 1,
  utcOffsetMinutes: 480,
  durationFactor: 1,
  callDelayFactor: 1,
}

/** The same network with worse feeds and vaguer customers. */
const harsh: SimulationParams = {
  ...standard,
  preset: 'harsh',
  shares: {
    ...standard.shares,
    'sleeping-cell': 0.08,
    background: 0.18,
    'site-fault': 0.09,
    storm: 0.1,
    cutover: 0.05,
    gap: 0.07,
  },
  incidentsPerDay: { ...standard.incidentsPerDay, degradation: 24, 'harmless-alarm': 180, 'site-fault': 9 },
  delivery: {
    lateShare: 0.25,
    veryLateShare: 0.15,
    missingShare: 0.15,
    missingClearShare: 0.12,
    rootLateShare: 0.45,
    rootMissingShare: 0.25,
    flappingShare: 0.25,
  },
  telling: {
    ...standard.telling,
    place: { map: 0.15, home: 0.18, named: 0.42, 'default-geocode': 0.13, none: 0.12 },
    mapErrorMeters: 200,
    namedScaleMeters: 450,
    namedLimitMeters: 2500,
    wrongHomeShare: 0.35,
    time: { exact: 0.25, near: 0.3, rough: 0.3, unstated: 0.15 },
    unknownSymptomShare: 0.25,
    servedByShare: 0.05,
    servedByRight: 0.85,
    misjudgedShare: 0.25,
  },
  shadowDecibels: 8,
  callDelayFactor: 1.6,
}

/** Something happens every few minutes, and customers call at once: to be watched at thirty times the speed of life. */
const demo: SimulationParams = {
  ...standard,
  preset: 'demo',
  complaintsPerDay: 4800,
  shares: {
    'site-fault': 0.4,
    'cell-fault': 0.04,
    storm: 0.12,
    'power-fault': 0.04,
    cutover: 0.08,
    degradation: 0.04,
    'link-flap': 0.01,
    'sleeping-cell': 0.02,
    advisory: 0.03,
    gap: 0.06,
    'hidden-gap': 0.01,
    background: 0.08,
    'not-network': 0.04,
    'customer-side': 0.03,
  },
  incidentsPerDay: {
    ...standard.incidentsPerDay,
    'site-fault': 20,
    'cell-fault': 8,
    storm: 2,
    cutover: 10,
    advisory: 2,
    'harmless-alarm': 600,
  },
  everyMinutes: { 'site-fault': 12, storm: 120, cutover: 90 },
  dayRhythm: 0.2,
  durationFactor: 0.6,
  callDelayFactor: 0.35,
}

/**
 * A day with these incidents for a hundred sites, on the default day's ground: its alarms that hurt nobody, its background, its feeds and
 * its customers. An incident brings as many complaints as there, so fewer incidents are fewer complaints.
 */
function onUsualGround(
  preset: string,
  rates: Partial<SimulationParams['incidentsPerDay']>,
): SimulationParams {
  const incidentsPerDay = { ...standard.incidentsPerDay, ...rates }
  const kinds = Object.keys(standard.shares) as TroubleKind[]
  const calls = kinds.map((kind) => {
    const [now, usual] = [hurting(kind, incidentsPerDay), hurting(kind, standard.incidentsPerDay)]
    return [kind, standard.complaintsPerDay * standard.shares[kind] * (now / usual)] as const
  })
  const complaintsPerDay = Math.round(calls.reduce((sum, [, count]) => sum + count, 0))
  const total = calls.reduce((sum, [, count]) => sum + count, 0)
  const shares = Object.fromEntries(calls.map(([kind, count]) => [kind, count / total]))
  return { ...standard, preset, incidentsPerDay, complaintsPerDay, shares: { ...standard.shares, ...shares } }
}

/** How many incidents of a kind hurt customers, as far as it matters for ratios; what goes on every day alike counts one. */
function hurting(kind: TroubleKind, daily: SimulationParams['incidentsPerDay']): number {
  switch (kind) {
    case 'power-fault':
      return daily['power-fault'] * 0.5 + daily['feeder-fault'] * 5 * 0.6
    case 'gap':
    case 'hidden-gap':
    case 'background':
    case 'not-network':
    case 'customer-side':
      return 1
    case 'site-fault':
    case 'cell-fault':
    case 'storm':
    case 'cutover':
    case 'degradation':
    case 'link-flap':
    case 'sleeping-cell':
    case 'advisory':
      return daily[kind]
  }
}

/** What fails in a hundred sites on a day without weather or bad luck: in a thousand some four things that customers notice. */
const smallFaults = {
  'site-fault': 0.08,
  'cell-fault': 0.08,
  storm: 0,
  'power-fault': 0.06,
  'feeder-fault': 0,
  cutover: 0.06,
  degradation: 0.08,
  'link-flap': 0.04,
  'sleeping-cell': 0.02,
  advisory: 0.01,
}

/** A quiet day: its few small faults, and everything else as on any day. */
const quiet = onUsualGround('quiet', smallFaults)

/** A day of foul weather: on top of the quiet day controllers, mains and sites fail by the dozen, and most works overrun. */
const storm: SimulationParams = {
  ...onUsualGround('storm', {
    ...smallFaults,
    storm: 1.5,
    'feeder-fault': 2,
    'power-fault': 6,
    'site-fault': 4,
    'cell-fault': 1,
    cutover: 1,
    advisory: 0.5,
  }),
  overrunShare: 0.6,
}

export const presets = { default: standard, harsh, demo, quiet, storm } as const satisfies Record<
  string,
  SimulationParams
>
export type PresetName = keyof typeof presets
export const presetNames = Object.keys(presets) as readonly PresetName[]
