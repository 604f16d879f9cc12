import type { PlacedComplaint } from './cluster-params.ts'
import { type CellGround, cosOfDegrees, squaredDegrees } from './ground.ts'

/** Called for each neighbour with how far it is; true ends the search. */
type Visit<Member> = (neighbour: Member, squaredDegrees: number, gapMs: number) => boolean

/** What the grid holds says where in the grid it is. */
interface Slotted {
  slot: number
}

/** The complaints of one lane that can still matter, findable by place and time. */
export interface NeighbourGrid<Member extends Slotted> {
  readonly size: number
  add(member: Member, at: PlacedComplaint): void
  remove(member: Member): void
  /** Visits the member's neighbours, itself excepted, in no particular order, until a visit answers true. */
  someNear(member: Member, visit: Visit<Member>): boolean
}

const firstCapacity = 64
const none = -1

/**
 * A hash of cells, one radius wide and high and `epsMs` long, beside the project's R-tree: the radius never varies here,
 * so a search looks into the 27 cells around a place, and taking in and retiring are each a step in a list. The figures
 * lie in typed arrays, since a storm's searches are all arithmetic on them.
 */
export function createNeighbourGrid<Member extends Slotted>(
  ground: CellGround,
  epsMs: number,
): NeighbourGrid<Member> {
  const members: (Member | undefined)[] = []
  const free: number[] = []
  let places = allocate(firstCapacity)
  let size = 0

  const chainOf = (row: number, column: number, bucket: number) =>
    hashOf(row, column, bucket) & (places.heads.length - 1)

  function link(slot: number): void {
    const { rows, columns, buckets, next, previous, heads } = places
    const chain = chainOf(rows[slot] ?? 0, columns[slot] ?? 0, buckets[slot] ?? 0)
    const head = heads[chain] ?? none
    next[slot] = head
    previous[slot] = none
    if (head !== none) previous[head] = slot
    heads[chain] = slot
  }

  function grow(): void {
    const old = places
    places = allocate(old.rows.length * 2)
    places.lons.set(old.lons)
    places.lats.set(old.lats)
    places.cosLats.set(old.cosLats)
    places.reaches.set(old.reaches)
    places.times.set(old.times)
    places.rows.set(old.rows)
    places.columns.set(old.columns)
    places.buckets.set(old.buckets)
    for (let slot = 0; slot < members.length; slot++) if (members[slot] !== undefined) link(slot)
  }

  return {
    get size() {
      return size
    },

    add(member, at) {
      const slot = free.pop() ?? members.length
      if (slot >= places.rows.length) grow()
      const row = ground.rowOf(at.lat)
      places.lons[slot] = at.lon
      places.lats[slot] = at.lat
      places.cosLats[slot] = cosOfDegrees(at.lat)
      places.reaches[slot] = ground.reachDegrees(at.lat)
      places.times[slot] = at.timeMs
      places.rows[slot] = row
      places.columns[slot] = ground.columnOf(row, at.lon)
      places.buckets[slot] = Math.floor(at.timeMs / epsMs)
      members[slot] = member
      member.slot = slot
      size += 1
      link(slot)
    },

    remove(member) {
      const { slot } = member
      const { rows, columns, buckets, next, previous, heads } = places
      const after = next[slot] ?? none
      const before = previous[slot] ?? none
      if (after !== none) previous[after] = before
      if (before !== none) next[before] = after
      else heads[chainOf(rows[slot] ?? 0, columns[slot] ?? 0, buckets[slot] ?? 0)] = after
      members[slot] = undefined
      free.push(slot)
      size -= 1
    },

    someNear(member, visit) {
      const self = member.slot
      const { lons, lats, cosLats, times, rows, columns, buckets, next, heads } = places
      const lon = lons[self] ?? 0
      const lat = lats[self] ?? 0
      const cosLat = cosLats[self] ?? 0
      const time = times[self] ?? 0
      const reach = places.reaches[self] ?? 0
      const selfRow = rows[self] ?? 0
      const selfBucket = buckets[self] ?? 0
      for (let row = selfRow - 1; row <= selfRow + 1; row++) {
        const lastColumn = ground.columnOf(row, lon + reach)
        for (let column = ground.columnOf(row, lon - reach); column <= lastColumn; column++) {
          for (let step = -1; step <= 1; step++) {
            const bucket = (selfBucket + step) | 0
            let slot = heads[chainOf(row, column, bucket)] ?? none
            for (; slot !== none; slot = next[slot] ?? none) {
              // Cells share chains, so each is asked whose it is: or a member could be met twice.
              if (rows[slot] !== row || columns[slot] !== column || buckets[slot] !== bucket) continue
              const gapMs = Math.abs((times[slot] ?? 0) - time)
              if (gapMs > epsMs || slot === self) continue
              const squared = squaredDegrees(
                (lats[slot] ?? 0) - lat,
                (lons[slot] ?? 0) - lon,
                cosLat,
                cosLats[slot] ?? 0,
              )
              if (squared > ground.radiusSquaredDegrees) continue
              const neighbour = members[slot]
              if (neighbour !== undefined && visit(neighbour, squared, gapMs)) return true
            }
          }
        }
      }
      return false
    },
  }
}

interface Places {
  readonly lons: Float64Array
  readonly lats: Float64Array
  readonly cosLats: Float64Array
  readonly reaches: Float64Array
  readonly times: Float64Array
  /** Of the cell. Buckets of time may wrap around at 32 bits; the gap in time is looked at anyway. */
  readonly rows: Int32Array
  readonly columns: Int32Array
  readonly buckets: Int32Array
  /** Doubly linked chains of the slots whose cells share a hash. */
  readonly next: Int32Array
  readonly previous: Int32Array
  readonly heads: Int32Array
}

function allocate(capacity: number): Places {
  const figures = () => new Float64Array(capacity)
  return {
    lons: figures(),
    lats: figures(),
    cosLats: figures(),
    reaches: figures(),
    times: figures(),
    rows: new Int32Array(capacity),
    columns: new Int32Array(capacity),
    buckets: new Int32Array(capacity),
    next: new Int32Array(capacity).fill(none),
    previous: new Int32Array(capacity).fill(none),
    heads: new Int32Array(capacity * 2).fill(none),
  }
}

/** Mixes three whole numbers into 32 bits. The factors are odd and have no meaning beyond spreading neighbours apart. */
function hashOf(row: number, column: number, bucket: number): number {
  const mixed = Math.imul(row, 0x2c9f6b35) ^ Math.imul(column, 0x5bd1a92f) ^ Math.imul(bucket, 0x71e6d3c7)
  return mixed ^ (mixed >>> 15)
}
