import RBush from 'rbush'
import type { Area } from '../../schemas/geo.ts'
import type { Cause, ElementNode } from './model.ts'
import { boxOfArea } from './geometry.ts'

interface AreaItem {
  readonly minX: number
  readonly minY: number
  readonly maxX: number
  readonly maxY: number
  readonly cause: Cause
  readonly area: Area
}

/**
 * Where live and recent causes lie: on elements, or in an R-tree of areas. Alarms come and go by the hundred thousand,
 * and lie on elements whose positions hardly change; so the R-tree of elements finds them, and raising or clearing one
 * costs no index at all. What stands alone on the map (gaps, works, advisories) is indexed by itself.
 */
export class CauseBook {
  readonly byKey = new Map<string, Cause>()
  private readonly areas = new RBush<AreaItem>()
  private readonly areaItems = new Map<Cause, AreaItem>()

  add(cause: Cause, nodes: readonly ElementNode[], area: Area | undefined): void {
    this.byKey.set(cause.key, cause)
    cause.nodes = nodes
    for (const node of nodes) node.causes.push(cause)
    cause.area = area
    if (area === undefined) return
    const [minX, minY, maxX, maxY] = boxOfArea(area)
    const item = { minX, minY, maxX, maxY, cause, area }
    this.areaItems.set(cause, item)
    this.areas.insert(item)
  }

  remove(cause: Cause): void {
    this.byKey.delete(cause.key)
    cause.retired = true
    for (const node of cause.nodes) {
      const at = node.causes.indexOf(cause)
      if (at >= 0) node.causes.splice(at, 1)
    }
    const item = this.areaItems.get(cause)
    if (item === undefined) return
    this.areaItems.delete(cause)
    this.areas.remove(item)
  }

  /** Moves a cause to other elements or another area. */
  relocate(cause: Cause, nodes: readonly ElementNode[], area: Area | undefined): void {
    this.remove(cause)
    cause.retired = false
    this.add(cause, nodes, area)
  }

  /** Causes with an area of their own that meets a box, in no particular order. */
  inBox(minX: number, minY: number, maxX: number, maxY: number): Cause[] {
    return this.areas.search({ minX, minY, maxX, maxY }).map(({ cause }) => cause)
  }
}
