import RBush from 'rbush'
import type { Area, LonLat } from '../../schemas/geo.ts'
import { byStart, type Cause, type ElementNode } from './model.ts'
import { type Box, boxOfArea, metersOutside, turnsOf } from './geometry.ts'
import { laterStated } from './stated-end.ts'

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
  /** Grows with every change of a cause; what was derived of an older one is derived anew. */
  version = 0
  /** The same, of works and declared outages with an area of their own. */
  areaVersion = 0
  readonly byKey = new Map<string, Cause>()
  /** Where an alarm's facts gave its episode another start: the cause that took its place, by the former key. */
  private readonly successors = new Map<string, Cause>()
  private readonly formerKeys = new Map<Cause, string[]>()
  private readonly areas = new RBush<AreaItem>()
  /** Those that may lie behind alarms of what stands there: works and declared outages, but no gaps. */
  private readonly published = new RBush<AreaItem>()
  private readonly areaItems = new Map<Cause, AreaItem>()

  /** The cause of that key, or what took its place since. */
  find(key: string): Cause | undefined {
    return this.byKey.get(key) ?? this.successors.get(key)
  }

  add(cause: Cause, nodes: readonly ElementNode[], area: Area | undefined): void {
    this.byKey.set(cause.key, cause)
    this.place(cause, nodes, area)
  }

  remove(cause: Cause): void {
    this.byKey.delete(cause.key)
    cause.retired = true
    this.unplace(cause)
    for (const key of this.formerKeys.get(cause) ?? []) this.successors.delete(key)
    this.formerKeys.delete(cause)
  }

  /** Removes a cause of which another goes on: what people said of the one holds for the other. */
  replace(old: Cause, by: Cause): void {
    const keys = [...(this.formerKeys.get(old) ?? []), old.key]
    this.remove(old)
    this.formerKeys.set(by, [...(this.formerKeys.get(by) ?? []), ...keys])
    for (const key of keys) this.successors.set(key, by)
    by.estimatedEnd = laterStated(by.estimatedEnd, old.estimatedEnd)
    if (old.rulings !== undefined) Object.assign(by, { rulings: old.rulings, ruling: old.ruling })
    by.formerOutageId ??= old.formerOutageId
    for (const [complaintId, verdict] of old.verdicts) by.verdicts.set(complaintId, verdict)
  }

  /** Moves a cause to other elements or another area. */
  relocate(cause: Cause, nodes: readonly ElementNode[], area: Area | undefined): void {
    this.unplace(cause)
    this.place(cause, nodes, area)
  }

  /** A cause has changed: what was derived of it, and of what it lies on, is derived anew. */
  touch({ nodes, area, kind }: Cause): void {
    this.version += 1
    for (const node of nodes) {
      node.causesVersion += 1
      noteEnds(node)
    }
    if (area !== undefined && kind !== 'gap') this.areaVersion += 1
  }

  /** The rules have changed, by which everything was derived. */
  touchAll(): void {
    this.version += 1
    this.areaVersion += 1
  }

  /** Causes with an area of their own that meets a box, in no particular order. */
  inBox(...box: Box): Cause[] {
    const found: Cause[] = []
    for (const [minX, minY, maxX, maxY] of turnsOf(box))
      for (const { cause } of this.areas.search({ minX, minY, maxX, maxY })) found.push(cause)
    return found
  }

  /** Works and declared outages on the ground at a point, in no particular order. */
  publishedAt(point: LonLat): Cause[] {
    const [lon, lat] = point
    const found: Cause[] = []
    for (const [minX, minY, maxX, maxY] of turnsOf([lon, lat, lon, lat]))
      for (const { cause, area } of this.published.search({ minX, minY, maxX, maxY }))
        if (metersOutside(area, point) === 0) found.push(cause)
    return found
  }

  private place(cause: Cause, nodes: readonly ElementNode[], area: Area | undefined): void {
    cause.nodes = nodes
    for (const node of nodes) insertByStart(node.causes, cause)
    cause.area = area
    this.touch(cause)
    if (area === undefined) return
    const [minX, minY, maxX, maxY] = boxOfArea(area)
    const item = { minX, minY, maxX, maxY, cause, area }
    this.areaItems.set(cause, item)
    this.areas.insert(item)
    if (cause.kind !== 'gap') this.published.insert(item)
  }

  private unplace(cause: Cause): void {
    for (const node of cause.nodes) {
      const at = node.causes.indexOf(cause)
      if (at >= 0) node.causes.splice(at, 1)
    }
    this.touch(cause)
    const item = this.areaItems.get(cause)
    if (item === undefined) return
    this.areaItems.delete(cause)
    this.areas.remove(item)
    this.published.remove(item)
  }
}

function insertByStart(causes: Cause[], cause: Cause): void {
  let at = causes.length
  for (
    let before = causes[at - 1];
    before !== undefined && byStart(cause, before) < 0;
    before = causes[at - 1]
  )
    at -= 1
  causes.splice(at, 0, cause)
}

function noteEnds({ causes, latestEndsMs }: ElementNode): void {
  latestEndsMs.length = causes.length
  let latestMs = -Infinity
  for (let at = 0; at < causes.length; at += 1) {
    // The end of a cause that is being made is no number yet.
    const endMs = causes[at]?.endMs ?? Infinity
    latestMs = Number.isNaN(endMs) ? Infinity : Math.max(latestMs, endMs)
    latestEndsMs[at] = latestMs
  }
}
