import RBush from 'rbush'
import type { Event } from '../../schemas/event.ts'
import type { LonLat } from '../../schemas/geo.ts'
import { CauseBook } from '../../src/correlate/cause-book.ts'
import { createImpactTable } from '../../src/correlate/impact.ts'
import { Cause, type ElementNode, firstLasting } from '../../src/correlate/model.ts'
import { boxAround, distanceMeters, metersOutside } from '../../src/correlate/geometry.ts'
import { pointOf } from '../../src/correlate/serving-index.ts'
import { Topology } from '../../src/correlate/topology.ts'
import { defaultRuleset } from '../../src/domain/default-ruleset.ts'
import { offer, scoreAt, isInTime, searchMeters, slackMs, type Best, type Searcher } from './plain-score.ts'

interface Placed {
  readonly minX: number
  readonly minY: number
  readonly maxX: number
  readonly maxY: number
  readonly node: ElementNode
  readonly at: LonLat
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
    placed.push({ minX: lon, minY: lat, maxX: lon, maxY: lat, node, at: point })
  }
  const elements = new RBush<Placed>().load(placed)

  return {
    name: "the engine's indices",
    add(plain) {
      const [kind = '', id = ''] = plain.key.split(':')
      const cause = new Cause(kind as Cause['kind'], id, impact)
      cause.startMs = plain.startMs
      book.add(cause, plain.elementId === undefined ? [] : [topology.nodeNamed(plain.elementId)], plain.area)
    },
    end(plain) {
      const cause = book.byKey.get(plain.key)
      if (cause === undefined) return
      cause.endMs = plain.endMs
      book.touch(cause)
    },
    remove(plain) {
      const cause = book.byKey.get(plain.key)
      if (cause === undefined) return
      book.remove(cause)
    },
    best(complaint) {
      const best: Best = { key: undefined, score: Infinity }
      const { point, fromMs } = complaint
      const [minX, minY, maxX, maxY] = boxAround(point, searchMeters)
      for (const { node, at } of elements.search({ minX, minY, maxX, maxY })) {
        if (node.causes.length === 0) continue
        // All causes of an element lie in one place.
        const meters = distanceMeters(at, point)
        for (let index = firstLasting(node, fromMs - slackMs); index < node.causes.length; index += 1) {
          const cause = node.causes[index]
          if (cause !== undefined && isInTime(cause, fromMs))
            offer(best, cause.key, scoreAt(meters, cause.startMs, fromMs))
        }
      }
      for (const cause of book.inBox(minX, minY, maxX, maxY))
        if (cause.area !== undefined && isInTime(cause, fromMs))
          offer(best, cause.key, scoreAt(metersOutside(cause.area, point), cause.startMs, fromMs))
      return best
    },
  }
}
