import { byStart, type Cause, type ElementNode } from './model.ts'

/** A ring is followed this far; longer ones are taken as never cut. */
const maxRingElements = 512

/**
 * The failures that cut a ring element off, or none. Traffic of a ring goes either way round, so an element fails only
 * when every way to a head is cut: a head is an aggregation or core element, or one that feeds others of the ring. Where
 * no head is known, nothing can be said, and nothing is blamed.
 */
export function causesCuttingOff(start: ElementNode, atMs: number, slackMs: number): Cause[] {
  if (start.ringNeighbours.size === 0 || isHead(start)) return []
  const cuts: Cause[] = []
  const seen = new Set([start])
  for (const node of seen) {
    if (seen.size > maxRingElements) return []
    for (const neighbour of node.ringNeighbours) {
      if (seen.has(neighbour)) continue
      const cut = failureAt(neighbour, atMs, slackMs)
      if (cut !== undefined) cuts.push(cut)
      else if (isHead(neighbour)) return []
      else seen.add(neighbour)
    }
  }
  return reachesNoHead(start) ? [] : [...new Set(cuts)].sort(byStart)
}

function isHead(node: ElementNode): boolean {
  const kind = node.element?.kind
  if (kind === 'aggregation' || kind === 'core') return true
  for (const other of node.ringNeighbours) if (other.suppliers.has(node) || other.parent === node) return true
  return false
}

/** Is there no head anywhere on the ring, cut or not? */
function reachesNoHead(start: ElementNode): boolean {
  const seen = new Set([start])
  for (const node of seen) {
    if (seen.size > maxRingElements) return true
    for (const neighbour of node.ringNeighbours) {
      if (isHead(neighbour)) return false
      seen.add(neighbour)
    }
  }
  return true
}

/** The earliest failure that holds on an element at a moment. */
export function failureAt(node: ElementNode, atMs: number, slackMs: number): Cause | undefined {
  return node.causes.find(
    ({ impact, startMs, endMs }) =>
      impact.effect === 'down' && startMs <= atMs + slackMs && endMs >= atMs - slackMs,
  )
}
