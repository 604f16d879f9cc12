/** What a week of the city holds; other spans hold as much more or less. */
export interface CityOptions {
  readonly seed: string
  readonly sites: number
  readonly alarms: number
  readonly complaints: number
  readonly cutovers: number
  readonly gaps: number
  readonly days: number
}

/** 20k sites over 200 x 200 km; 200k alarms, 2k cutovers and 100k complaints in 7 days; 300 gaps. */
export const wholeCity: CityOptions = {
  seed: 'causeway',
  sites: 20_000,
  alarms: 200_000,
  complaints: 100_000,
  cutovers: 2_000,
  gaps: 300,
  days: 7,
}

/** The same city, all figures times `share`; as dense, since its side shrinks too. */
export function cityOf(share: number, options: CityOptions = wholeCity): CityOptions {
  const times = (count: number): number => Math.max(1, Math.round(count * share))
  return {
    ...options,
    sites: times(options.sites),
    alarms: times(options.alarms),
    complaints: times(options.complaints),
    cutovers: times(options.cutovers),
    gaps: times(options.gaps),
  }
}
