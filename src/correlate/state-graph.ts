/**
 * Objects that point at each other, as flat lists that any serialiser takes: without depth (a chain of complaints and causes
 * is as deep as the window is long), with every reference kept, so that what is made of them is the same graph again,
 * order of keys, maps and sets included.
 */
export interface FlatGraph {
  /** For each object what it is: `kindOf` of the built-in ones, or `firstClass` and the number of its class. */
  readonly kinds: readonly number[]
  /** Lists of keys, shared by all objects that have them. */
  readonly shapes: readonly (readonly string[])[]
  /** The contents of the objects one after the other. A reference is `null` and a number, null itself is `null` and -1. */
  readonly values: readonly unknown[]
  /** Typed arrays, in the order of their objects. */
  readonly figures: readonly ArrayBufferView[]
}

/** A class whose instances are kept by their fields. */
export interface KeptClass {
  readonly prototype: object
  /** An instance to fill, with its fields in their usual order. */
  readonly make: () => object
  /** Fields that are not kept: `make` sets them, or whoever takes the graph up again. */
  readonly omit?: readonly string[]
  /**
   * Fields that hold plain data: facts that nothing else points at and nobody changes, or a list of such. They are handed on as
   * they are, for the serialiser to go through, which is several times faster.
   */
  readonly plain?: readonly string[]
}

const kindOf = { object: 0, array: 1, map: 2, set: 3, figures: 4 } as const
const firstClass = 5
const reference = null
const nothing = -1

/** The flat form of everything that can be reached from `root`. Throws for functions and for classes that it does not know. */
export function flatten(root: object, classes: readonly KeptClass[]): FlatGraph {
  const kinds: number[] = []
  const shapes: (readonly string[])[] = []
  const values: unknown[] = []
  const figures: ArrayBufferView[] = []
  const numbers = new Map<object, number>()
  const found: object[] = []
  const shapesOfLength = new Map<number, readonly number[]>()
  const classNumbers = new Map(classes.map(({ prototype }, index) => [prototype, index]))

  const numberOf = (object: object): number => {
    const known = numbers.get(object)
    if (known !== undefined) return known
    numbers.set(object, found.length)
    found.push(object)
    return found.length - 1
  }
  const put = (value: unknown): void => {
    if (typeof value === 'object') values.push(reference, value === null ? nothing : numberOf(value))
    else if (typeof value === 'function') throw new TypeError('a function is no state: omit its field')
    else values.push(value)
  }
  const shapeOf = (keys: readonly string[]): number => {
    const alike = shapesOfLength.get(keys.length) ?? []
    const known = alike.find((shape) => shapes[shape]?.every((key, index) => key === keys[index]))
    if (known !== undefined) return known
    const shape = shapes.push(keys) - 1
    shapesOfLength.set(keys.length, [...alike, shape])
    return shape
  }
  const putFields = (object: object): void => {
    const keys = Object.keys(object)
    values.push(shapeOf(keys))
    for (const key of keys) put(object[key as keyof typeof object])
  }
  const putInstance = (object: object, { omit = none, plain = none }: KeptClass): void => {
    const keys = Object.keys(object).filter((key) => !omit.includes(key))
    values.push(shapeOf(keys))
    for (const key of keys) {
      const value: unknown = object[key as keyof typeof object]
      // A list may grow while the graph is still waiting to be written.
      if (value !== null && plain.includes(key)) values.push(Array.isArray(value) ? value.slice() : value)
      else put(value)
    }
  }

  numberOf(root)
  for (let at = 0; at < found.length; at += 1) {
    const object = found[at]
    if (object === undefined) break
    if (Array.isArray(object)) {
      kinds.push(kindOf.array)
      values.push(object.length)
      for (const item of object) put(item)
    } else if (object instanceof Map) {
      kinds.push(kindOf.map)
      values.push(object.size)
      for (const [key, value] of object) {
        put(key)
        put(value)
      }
    } else if (object instanceof Set) {
      kinds.push(kindOf.set)
      values.push(object.size)
      for (const item of object) put(item)
    } else if (ArrayBuffer.isView(object)) {
      kinds.push(kindOf.figures)
      figures.push(object)
    } else {
      const prototype: unknown = Object.getPrototypeOf(object)
      const kept = classNumbers.get(prototype as object)
      if (kept === undefined && prototype !== Object.prototype)
        throw new TypeError('an instance of an unknown class')
      const keptClass = kept === undefined ? undefined : classes[kept]
      if (kept === undefined || keptClass === undefined) {
        kinds.push(kindOf.object)
        putFields(object)
      } else {
        kinds.push(firstClass + kept)
        putInstance(object, keptClass)
      }
    }
  }
  return { kinds, shapes, values, figures }
}

const none: readonly string[] = []

/** The graph that was flattened, made anew; answers its root. Takes the lists over: use them once. Throws where the lists do not fit together or the classes. */
export function unflatten(
  { kinds, shapes, values, figures }: FlatGraph,
  classes: readonly KeptClass[],
): unknown {
  const figuresLeft = figures.values()
  const objects = kinds.map((kind) =>
    kind === kindOf.figures ? (figuresLeft.next().value ?? {}) : emptyOf(kind, classes),
  )
  let at = 0
  const take = (): unknown => {
    const value = values[at]
    at += 1
    if (value !== reference) return value
    const number = values[at]
    at += 1
    if (number === nothing) return null
    const object = objects[number as number]
    if (object === undefined) throw new TypeError('a reference leads nowhere')
    return object
  }
  for (const [index, kind] of kinds.entries()) {
    if (kind === kindOf.figures) continue
    const object = objects[index]
    const size = values[at]
    at += 1
    switch (kind) {
      case kindOf.array:
        for (let left = size as number; left > 0; left -= 1) (object as unknown[]).push(take())
        break
      case kindOf.map:
        for (let left = size as number; left > 0; left -= 1)
          (object as Map<unknown, unknown>).set(take(), take())
        break
      case kindOf.set:
        for (let left = size as number; left > 0; left -= 1) (object as Set<unknown>).add(take())
        break
      default:
        for (const key of shapes[size as number] ?? none) (object as Record<string, unknown>)[key] = take()
    }
  }
  return objects[0]
}

function emptyOf(kind: number, classes: readonly KeptClass[]): object {
  switch (kind) {
    case kindOf.object:
      return {}
    case kindOf.array:
      return []
    case kindOf.map:
      return new Map()
    case kindOf.set:
      return new Set()
    default: {
      const kept = classes[kind - firstClass]
      if (kept === undefined) throw new TypeError('an instance of an unknown class')
      return kept.make()
    }
  }
}
