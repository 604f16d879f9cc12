/** A complaint as clustering sees it. Complaints with a vague place or none, and those not about the network, stay out. */
export interface PlacedComplaint {
  readonly id: string
  /** Complaints cluster only within their lane: symptom family with network and service. */
  readonly lane: string
  /** Degrees, WGS-84. */
  readonly lon: number
  readonly lat: number
  /** When the trouble was, not when it was reported; whole milliseconds since 1970. */
  readonly timeMs: number
  /** Several complaints of one customer are one customer's worth of density. */
  readonly customerRef: string
  /** False: may belong to a cluster, but neither counts towards density nor is ever a core. */
  readonly dense: boolean
}

/**
 * When two complaints of a lane are neighbours, and when one is a core.
 *
 * Neighbours lie within `epsMeters` and within `epsMs` of each other, limits included; each is its own neighbour. A dense
 * complaint is a *core* when its dense neighbours come from at least `minCustomers` different customers. Neighbouring
 * cores share a cluster. Any other complaint with a core among its neighbours belongs to the cluster of the *nearest*:
 * by distance, then time between, then id. The rest belong to none. So a repeat by the same customer is a member
 * like any other, may even be a core among enough others, and never makes one.
 */
export interface DensityParams {
  readonly epsMeters: number
  readonly epsMs: number
  readonly minCustomers: number
}

export interface ClusterParams extends DensityParams {
  /** What happened longer than this before the watermark is neither taken in nor withdrawn any more. */
  readonly latenessMs: number
  /** The most ids of retired members that one part of an open cluster remembers (see `SettledPart`). */
  readonly maxRetiredIds?: number
  /**
   * Names a cluster after its oldest core. `attempt` counts from 0 and is above it only where that name is taken by an
   * open cluster. Must be pure and give different ids for different arguments.
   */
  readonly newClusterId?: (seedComplaintId: string, attempt: number) => string
}

/** Throws `RangeError` where a parameter makes no sense. */
export function checkDensityParams(params: DensityParams): void {
  if (!(params.epsMeters >= minEpsMeters && params.epsMeters <= maxEpsMeters))
    throw new RangeError(`epsMeters must be ${minEpsMeters} to ${maxEpsMeters}: ${params.epsMeters}`)
  if (!(Number.isSafeInteger(params.epsMs) && params.epsMs >= minEpsMs))
    throw new RangeError(`epsMs must be a whole number, at least ${minEpsMs}: ${params.epsMs}`)
  if (!(Number.isSafeInteger(params.minCustomers) && params.minCustomers > 0))
    throw new RangeError(`minCustomers must be a whole number above 0: ${params.minCustomers}`)
}

/** Throws `RangeError` where a parameter makes no sense. */
export function checkClusterParams(params: ClusterParams): void {
  checkDensityParams(params)
  if (!(Number.isSafeInteger(params.latenessMs) && params.latenessMs >= 0))
    throw new RangeError(`latenessMs must be a whole number, at least 0: ${params.latenessMs}`)
}

const minEpsMeters = 1
/** With these two, spans of time in the grid are numbered in 32 bits. */
const minEpsMs = 1000
const latestMs = Date.UTC(2100, 0, 1)
/** Beyond this the flat metric and the cells near the poles stop being good. */
const maxEpsMeters = 50_000

/** Throws `RangeError` where a figure is not a number that can be placed. */
export function checkPlaced(complaint: PlacedComplaint): void {
  const { id, lon, lat, timeMs } = complaint
  if (!(Math.abs(lon) <= 180 && Math.abs(lat) <= 90))
    throw new RangeError(`${id} lies nowhere: [${lon}, ${lat}]`)
  if (!(Number.isSafeInteger(timeMs) && Math.abs(timeMs) < latestMs))
    throw new RangeError(`${id} is at no time in whole milliseconds before 2100: ${timeMs}`)
}
