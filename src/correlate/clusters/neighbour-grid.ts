import type { PlacedComplaint } from './cluster-params.ts'
import { type CellGround, cosOfDegrees, squaredDegrees } from './ground.ts'

/** Called for each neighbour with how far it is; true ends the search. */
type Visit<Member> = (neighbour: Member, squaredDegrees: number, gapMs: number) => boolean

/** The first `count` entries of each list belong together. The lists are used again and again. */
interface Neighbours<Member> {
  count: number
  readonly members: Member[]
  readonly squaredDegrees: number[]
  readonly gapsMs: number[]
}

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
  /** All neighbours of the member, itself excepted, in no particular order. Good until the next call. */
  near(member: Member): Neighbours<Member>
}

const firstCapacity = 64
const none = -1

/** All that a grid holds, apart from how it works, so that it can be kept and taken up again. */
export interface GridState<Member> extends ReturnType<typeof allocate> {
  readonly members: (Member | undefined)[]
  readonly free: number[]
  size: number
}

export function emptyGrid<Member>(): GridState<Member> {
  return { members: [], free: [], size: 0, ...allocate(firstCapacity) }
}

/**
 * A hash of cells, one radius wide and high and twice `epsMs` long, beside the project's R-tree: the radius never varies
 * here, so a search looks into the 18 cells around a place (twice that length was the quickest), and taking in and retiring
 * are each a step in a list. The figures lie in typed arrays, side by side, since a storm's searches are all arithmetic.
 */
export function createNeighbourGrid<Member extends Slotted>(
  ground: CellGround,
  epsMs: number,
  state: GridState<Member>,
): NeighbourGrid<Member> {
  const { members, free } = state
  let { places, cells, previous, heads } = state
  const bucketMs = 2 * epsMs

  function chainOf(slot: number): number {
    const at = slot * 4
    const hash = hashOfColumn(cells[at] ?? 0, cells[at + 1] ?? 0)
    return hashOfCell(hash, cells[at + 2] ?? 0) & (heads.length - 1)
  }

  function link(slot: number): void {
    const chain = chainOf(slot)
    const head = heads[chain] ?? none
    cells[slot * 4 + 3] = head
    previous[slot] = none
    if (head !== none) previous[head] = slot
    heads[chain] = slot
  }

  function grow(): void {
    const larger = allocate(previous.length * 2)
    larger.places.set(places)
    larger.cells.set(cells)
    places = larger.places
    cells = larger.cells
    previous = larger.previous
    heads = larger.heads
    Object.assign(state, larger)
    for (let slot = 0; slot < members.length; slot++) if (members[slot] !== undefined) link(slot)
  }

  const found: Neighbours<Member> = { count: 0, members: [], squaredDegrees: [], gapsMs: [] }

  function note(neighbour: Member, squared: number, gapMs: number): false {
    const index = found.count++
    found.members[index] = neighbour
    found.squaredDegrees[index] = squared
    found.gapsMs[index] = gapMs
    return false
  }

  function someNear(member: Member, visit: Visit<Member>): boolean {
    const self = member.slot
    // Local, or each access would load them anew: a closure's variables may change under way.
    const [figures, around, first] = [places, cells, heads]
    const lon = figures[self * 4] ?? 0
    const lat = figures[self * 4 + 1] ?? 0
    const cosLat = figures[self * 4 + 2] ?? 0
    const time = figures[self * 4 + 3] ?? 0
    const selfRow = around[self * 4] ?? 0
    const firstBucket = Math.floor((time - epsMs) / bucketMs)
    const lastBucket = Math.floor((time + epsMs) / bucketMs)
    const reach = ground.reachDegrees(lat)
    const radiusSquared = ground.radiusSquaredDegrees
    const mask = first.length - 1
    for (const step of nearestRowFirst) {
      const row = selfRow + step
      const lastColumn = ground.columnOf(row, lon + reach)
      for (let column = ground.columnOf(row, lon - reach); column <= lastColumn; column++) {
        const hash = hashOfColumn(row, column)
        for (let bucket = firstBucket; bucket <= lastBucket; bucket++) {
          let slot = first[hashOfCell(hash, bucket) & mask] ?? none
          for (; slot !== none; slot = around[slot * 4 + 3] ?? none) {
            const at = slot * 4
            const gapMs = Math.abs((figures[at + 3] ?? 0) - time)
            if (gapMs > epsMs || slot === self) continue
            const latDelta = (figures[at + 1] ?? 0) - lat
            const lonDelta = (figures[at] ?? 0) - lon
            const squared = squaredDegrees(latDelta, lonDelta, cosLat, figures[at + 2] ?? 0)
            if (squared > radiusSquared) continue
            // Cells share chains: a neighbour is met in each chain that its own cell and another one around share.
            if (around[at] !== row || around[at + 1] !== column || around[at + 2] !== bucket) continue
            const neighbour = members[slot]
            if (neighbour !== undefined && visit(neighbour, squared, gapMs)) return true
          }
        }
      }
    }
    return false
  }

  return {
    get size() {
      return state.size
    },

    add(member, { lon, lat, timeMs }) {
      const slot = free.pop() ?? members.length
      if (slot >= previous.length) grow()
      const row = ground.rowOf(lat)
      places[slot * 4] = lon
      places[slot * 4 + 1] = lat
      places[slot * 4 + 2] = cosOfDegrees(lat)
      places[slot * 4 + 3] = timeMs
      cells[slot * 4] = row
      cells[slot * 4 + 1] = ground.columnOf(row, lon)
      cells[slot * 4 + 2] = Math.floor(timeMs / bucketMs)
      members[slot] = member
      member.slot = slot
      state.size += 1
      link(slot)
    },

    remove(member) {
      const { slot } = member
      const after = cells[slot * 4 + 3] ?? none
      const before = previous[slot] ?? none
      if (after !== none) previous[after] = before
      if (before !== none) cells[before * 4 + 3] = after
      else heads[chainOf(slot)] = after
      members[slot] = undefined
      free.push(slot)
      state.size -= 1
    },

    someNear,

    near(member) {
      found.count = 0
      someNear(member, note)
      return found
    },
  }
}

/** The member's own row first, where a search that ends early finds most. */
const nearestRowFirst = [0, -1, 1]

function allocate(capacity: number) {
  return {
    /** Four a slot: longitude, latitude, its cosine, time. */
    places: new Float64Array(capacity * 4),
    /** Four a slot: row, column and bucket of its cell, and the next slot in its chain. */
    cells: new Int32Array(capacity * 4),
    previous: new Int32Array(capacity),
    /** The first slot of each chain: of the cells that share a hash. */
    heads: new Int32Array(capacity * 2).fill(none),
  }
}

/** The factors are odd and have no meaning beyond spreading neighbours apart. */
function hashOfColumn(row: number, column: number): number {
  return Math.imul(row, 0x2c9f6b35) ^ Math.imul(column, 0x5bd1a92f)
}

function hashOfCell(hashOfItsColumn: number, bucket: number): number {
  const mixed = hashOfItsColumn ^ Math.imul(bucket, 0x71e6d3c7)
  return mixed ^ (mixed >>> 15)
}
