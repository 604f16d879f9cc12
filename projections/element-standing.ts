import { elementById, eachBelow } from './element-queries.ts'
import type { RegionGround } from './region-ground.ts'
import type { Rows } from './rows.ts'

/** How a thing lies to a region: all of it there, part of it, or none. */
export type Standing = 'inside' | 'shared' | 'outside'

/** The most elements below one without a position that are looked at; beyond it, it is taken to serve more than a region. */
export const maxBelowLookedAt = 5_000
/** How far up the parents a position is looked for. */
const maxParents = 10

/** Of several taken as one thing; `undefined` where none of them lies anywhere. Reads no further than it must. */
export function together(parts: Iterable<Standing | undefined>): Standing | undefined {
  let sum: Standing | undefined
  for (const part of parts) {
    if (part === undefined) continue
    sum = sum === undefined || sum === part ? part : 'shared'
    if (sum === 'shared') return sum
  }
  return sum
}

/**
 * An element lies where its position is. Without one it lies where the elements below it are, so that a controller is of every
 * region that it serves; where those have none either, as of a cell, where the next element above is. `undefined` where nobody
 * can say, as of an element that only alarms name.
 */
export function elementStanding(rows: Rows, ground: RegionGround, elementId: string): Standing | undefined {
  const row = elementById(rows, elementId)
  if (row === undefined) return undefined
  return (
    atPosition(rows, ground, elementId) ??
    together(belowStandings(rows, ground, elementId)) ??
    aboveStanding(rows, ground, row.facts.parent)
  )
}

function atPosition(rows: Rows, ground: RegionGround, elementId: string): Standing | undefined {
  const point = elementById(rows, elementId)?.facts.location?.point
  if (point === undefined) return undefined
  return ground.holds(point) ? 'inside' : 'outside'
}

function* belowStandings(
  rows: Rows,
  ground: RegionGround,
  elementId: string,
): Generator<Standing | undefined> {
  const found = [elementId]
  const seen = new Set(found)
  for (let at = 0; at < found.length; at += 1) {
    for (const below of eachBelow(rows, found[at] ?? elementId)) {
      if (seen.has(below)) continue
      if (seen.size >= maxBelowLookedAt) {
        yield 'shared'
        return
      }
      seen.add(below)
      const standing = atPosition(rows, ground, below)
      // What has a position stands for all that is below it.
      if (standing === undefined) found.push(below)
      else yield standing
    }
  }
}

function aboveStanding(rows: Rows, ground: RegionGround, parent: string | undefined): Standing | undefined {
  let above = parent
  for (let steps = 0; above !== undefined && steps < maxParents; steps += 1) {
    const standing = atPosition(rows, ground, above)
    if (standing !== undefined) return standing
    above = elementById(rows, above)?.facts.parent
  }
  return undefined
}
