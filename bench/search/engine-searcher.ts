import RBush from 'rbush'
import type { Event } from '../../schemas/event.ts'
import { CauseBook } from '../../src/correlate/cause-book.ts'
import { createImpactTable } from '../../src/correlate/impact.ts'
import { Cause, type ElementNode } from '../../src/correlate/model.ts'
import { boxAround } from '../../src/correlate/geometry.ts'
import { pointOf } from '../../src/correlate/serving-index.ts'
import { Topology } from '../../src/correlate/topology.ts'
import { defaultRuleset } from '../../src/domain/default-ruleset.ts'
import { offer, plainScore, searchMeters, type Best, type PlainCause, type Searcher } from './plain-score.ts'

interface Placed {
  readonly minX: number
  readonly minY: number
  readonly maxX: number
  readonly maxY: number
  readonly node: ElementNode
}

/**
 * As the engine searches: an R-tree of elements, causes lying on the elements, and an R-tree of areas (`CauseBook`). Alarms
 * come and go without touching an index, because the elements stay where they are. The engine's own tree of elements
 * (`ServingIndex`) holds what each serves and weighs shares; here, as for all contestants, it is who stands within 2 km.
 */
export function engineSearcher(inventory: Iterable<Event>): Searcher {
  const topology = new Topology()
  const book = new CauseBook()
  const impact = createImpactTable(defaultRuleset).ofProfile('cutover', 0)
  const placed: Placed[] = []
  for (const event of inventory) {
    if (event.type !== 'ElementRegistered') continue
    const node = topology.register(event.data)
    const point = pointOf(node)
    if (point === undefined) continue
    const [lon, lat] = point
    placed.push({ minX: lon, minY: lat, maxX: lon, maxY: lat, node })
  }
  const elements = new RBush<Placed>().load(placed)
  const plainOf = new Map<Cause, PlainCause>()

  return {
    name: "the engine's indices",
    add(plain) {
      const [kind = '', id = ''] = plain.key.split(':')
      const cause = new Cause(kind as Cause['kind'], id, impact)
      cause.startMs = plain.startMs
      plainOf.set(cause, plain)
      book.add(cause, plain.elementId === undefined ? [] : [topology.nodeNamed(plain.elementId)], plain.area)
    },
    end(plain) {
      const cause = book.byKey.get(plain.key)
      if (cause !== undefined) cause.endMs = plain.endMs
    },
    remove(plain) {
      const cause = book.byKey.get(plain.key)
      if (cause === undefined) return
      book.remove(cause)
      plainOf.delete(cause)
    },
    best(complaint) {
      const best: Best = { key: undefined, score: Infinity }
      const consider = (cause: Cause): void => {
        const plain = plainOf.get(cause)
        if (plain !== undefined) offer(best, plain.key, plainScore(plain, complaint))
      }
      const [minX, minY, maxX, maxY] = boxAround(complaint.point, searchMeters)
      for (const { node } of elements.search({ minX, minY, maxX, maxY }))
        for (const cause of node.causes) consider(cause)
      for (const cause of book.inBox(minX, minY, maxX, maxY)) consider(cause)
      return best
    },
  }
}
