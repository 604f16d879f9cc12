import type { ClusterParams, PlacedComplaint } from '../../src/correlate/clusters/cluster-params.ts'

const hourMs = 3_600_000
const minuteMs = 60_000
const startMs = Date.UTC(2026, 2, 1)
const centre = { lon: 113.3, lat: 23.1 }
const kmPerDegree = 111.195

/** Half a kilometre and half an hour; what arrives up to 13 h late is still taken in. */
export const benchParams: ClusterParams = {
  epsMeters: 500,
  epsMs: 30 * minuteMs,
  minCustomers: 4,
  latenessMs: 13 * hourMs,
}

export interface Arrival {
  readonly complaint: PlacedComplaint
  /** When it is reported: the watermark by then. */
  readonly arrivedAtMs: number
}

export interface WorkloadOptions {
  readonly seed: number
  readonly complaints: number
  /** The city is a square of this side: 200 as it is, 10 squeezed. Squeezing shrinks everything alike. */
  readonly sideKm: number
}

const naturalSideKm = 200
const days = 7

/**
 * A week of complaints in order of arrival, the same for the same seed. Two in five lie anywhere at any time; the others
 * belong to troubles of 10 to 200 complaints within some hundred metres and half an hour to two hours. Half are reported
 * within minutes, the others up to 13 h later. One in ten is a repeat by the customer before.
 */
export function clusterWorkload({ seed, complaints, sideKm }: WorkloadOptions): readonly Arrival[] {
  const random = seededRandom(seed)
  const arrivals: Arrival[] = []
  const squeeze = sideKm / naturalSideKm
  let customer = 0

  function report(eastKm: number, northKm: number, timeMs: number): void {
    if (random() >= 0.1) customer += 1
    const delayMs = random() < 0.5 ? random() * 10 * minuteMs : random() * 13 * hourMs
    const lat = centre.lat + (northKm * squeeze) / kmPerDegree
    const complaint: PlacedComplaint = {
      id: `complaint-${String(arrivals.length).padStart(7, '0')}`,
      lane: 'no-signal/mobile',
      lon: centre.lon + (eastKm * squeeze) / (kmPerDegree * Math.cos((lat * Math.PI) / 180)),
      lat,
      timeMs: Math.floor(timeMs),
      customerRef: `customer-${customer}`,
      dense: true,
    }
    arrivals.push({ complaint, arrivedAtMs: complaint.timeMs + Math.floor(delayMs) })
  }

  const anywhere = () => (random() - 0.5) * naturalSideKm
  const anyTime = () => startMs + random() * days * 24 * hourMs
  while (arrivals.length < complaints * 0.4) report(anywhere(), anywhere(), anyTime())
  while (arrivals.length < complaints) {
    const [eastKm, northKm, fromMs] = [anywhere(), anywhere(), anyTime()]
    const size = Math.min(10 * 20 ** random(), complaints - arrivals.length)
    const lastsMs = (0.5 + 1.5 * random()) * hourMs
    for (let count = 0; count < size; count++)
      report(eastKm + spread(random) * 0.4, northKm + spread(random) * 0.4, fromMs + random() * lastsMs)
  }
  return arrivals.sort((a, b) => a.arrivedAtMs - b.arrivedAtMs)
}

/** A storm: all within 2 km and half an hour, each from another customer. */
export function stormWorkload(seed: number, complaints: number): readonly Arrival[] {
  const random = seededRandom(seed)
  return Array.from({ length: complaints }, (_, index) => {
    const timeMs = Math.floor(startMs + (index / complaints) * 30 * minuteMs)
    const complaint: PlacedComplaint = {
      id: `complaint-${String(index).padStart(7, '0')}`,
      lane: 'no-signal/mobile',
      lon: centre.lon + ((random() - 0.5) * 2) / (kmPerDegree * Math.cos((centre.lat * Math.PI) / 180)),
      lat: centre.lat + ((random() - 0.5) * 2) / kmPerDegree,
      timeMs,
      customerRef: `customer-${index}`,
      dense: true,
    }
    return { complaint, arrivedAtMs: timeMs + minuteMs }
  })
}

/**
 * The same places at one moment, each from another customer: there, clusters in space and time are those in space alone,
 * and so what a peer that knows neither time nor customers finds can be compared.
 */
export function inOneMoment(arrivals: readonly Arrival[]): readonly Arrival[] {
  return arrivals.map(({ complaint }) => ({
    complaint: { ...complaint, timeMs: startMs, customerRef: complaint.id },
    arrivedAtMs: startMs,
  }))
}

/** Roughly normal, with variance 1. */
function spread(random: () => number): number {
  return (random() + random() + random() - 1.5) * 2
}

/** Xorshift, 32 bits. */
function seededRandom(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
