import type { Area, LonLat } from '../../schemas/geo.ts'
import type { ElementKind } from '../../schemas/element.ts'
import type { OrderSystem } from '../../schemas/order-system.ts'
import type { OrderOpened } from '../../schemas/order.ts'
import { metersOutside } from '../correlate/geometry.ts'

/** What is looked at beside the order itself. */
export interface OrderGround {
  /** The areas of the configured regions, by id. */
  readonly regions: ReadonlyMap<string, Area>
  readonly kindOf: (elementId: string) => ElementKind | undefined
}

/**
 * Whether an order system takes an order, by what that was opened with; all that is said of an order must fit. Nothing is lost
 * for want of knowledge: an order without services or place goes to every system, save where an element's kind is asked for.
 */
export function takesOrder(
  { about, services, elementKinds, box, regions }: OrderSystem['takes'],
  order: Pick<OrderOpened, 'about' | 'services' | 'place'>,
  ground: OrderGround,
): boolean {
  const { elementId } = order.place
  const kind = elementId === undefined ? undefined : ground.kindOf(elementId)
  const point = pointOf(order.place)
  return (
    (about === undefined || about.includes(order.about.kind)) &&
    (services === undefined ||
      order.services.length === 0 ||
      order.services.some((it) => services.includes(it))) &&
    (elementKinds === undefined || (kind !== undefined && elementKinds.includes(kind))) &&
    (point === undefined || box === undefined || isWithin(box, point)) &&
    (point === undefined ||
      regions === undefined ||
      regions.some((id) => isIn(ground.regions.get(id), point)))
  )
}

function pointOf({ point, box }: OrderOpened['place']): LonLat | undefined {
  return point ?? (box && [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
}

function isWithin([west, south, east, north]: NonNullable<OrderSystem['takes']['box']>, [lon, lat]: LonLat) {
  return lon >= west && lon <= east && lat >= south && lat <= north
}

function isIn(area: Area | undefined, point: LonLat): boolean {
  return area !== undefined && metersOutside(area, point) === 0
}
