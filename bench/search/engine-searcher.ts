import type { Event } from '../../schemas/event.ts'
import { CauseBook } from '../../src/correlate/cause-book.ts'
import { createImpactTable } from '../../src/correlate/impact.ts'
import { Cause } from '../../src/correlate/model.ts'
import { ServingIndex } from '../../src/correlate/serving-index.ts'
import { Topology } from '../../src/correlate/topology.ts'
import { defaultRuleset } from '../../src/domain/default-ruleset.ts'
import { offer, plainScore, type Best, type PlainCause, type Searcher } from './plain-score.ts'

/**
 * The engine's own structures: an R-tree of elements (`ServingIndex`) with causes lying on the elements, and an R-tree of
 * areas (`CauseBook`). Alarms come and go without touching an index, because the elements stay where they are.
 */
export function engineSearcher(inventory: Iterable<Event>): Searcher {
  const topology = new Topology()
  const serving = new ServingIndex(defaultRuleset)
  const book = new CauseBook()
  const impact = createImpactTable(defaultRuleset).ofProfile('cutover', 0)
  for (const event of inventory)
    if (event.type === 'ElementRegistered') serving.touch(topology.register(event.data))
  serving.settle()
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
      for (const { node } of serving.hits(complaint.point, 0, undefined, 'mobile'))
        for (const cause of node.causes) consider(cause)
      const [lon, lat] = complaint.point
      for (const cause of book.inBox(lon, lat, lon, lat)) consider(cause)
      return best
    },
  }
}
