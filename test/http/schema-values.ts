/** A JSON schema, as far as the generated OpenAPI document uses it. */
export interface Schema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly prefixItems?: readonly Schema[]
  readonly additionalProperties?: Schema | boolean
  readonly format?: string
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
}

/** A seeded source of choices (mulberry32). */
export function seededChoices(seed: number) {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    chance: (share: number) => next() < share,
    below: (count: number) => Math.floor(next() * count),
    pick: <T>(items: readonly T[]): T | undefined => items[Math.floor(next() * items.length)],
  }
}
export type Choices = ReturnType<typeof seededChoices>

/** What no field should hold, and some should survive. */
export const hostileValues: readonly unknown[] = [
  null,
  '',
  ' ',
  'x'.repeat(20_000),
  '\ud800',
  'a\u0000b',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '2026-02-30T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '0001-01-01T00:00:00Z',
  '2026-03-01T10:00:00',
  -1,
  0,
  1e308,
  -0.5,
  9_007_199_254_740_992,
  true,
  [],
  [[[[[[]]]]]],
  {},
  { __proto__x: 1, constructor: { prototype: {} } },
  [400, 95],
  [Number.MAX_VALUE, -Number.MAX_VALUE],
]

const ids = ['E-1', 'C-1', 'CO-1', 'A-1', 'nms', '基站/1', "o'hara", 'a b']
const moments = ['2026-03-01T00:00:00Z', '2026-02-28T10:00:00+08:00', '2026-03-01T08:30:00.123+08:00']

/** A value that fits the schema, but for parts that are hostile with the chance given. */
export function valueFor(schema: Schema, choices: Choices, hostileShare: number, depth = 0): unknown {
  if (choices.chance(hostileShare)) return choices.pick(hostileValues)
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return choices.pick(schema.enum)
  const options = schema.anyOf ?? schema.oneOf
  if (options !== undefined) return valueFor(choices.pick(options) ?? {}, choices, hostileShare, depth)
  if (schema.allOf !== undefined) {
    return Object.assign({}, ...schema.allOf.map((part) => valueFor(part, choices, hostileShare, depth)))
  }
  switch (Array.isArray(schema.type) ? choices.pick(schema.type) : schema.type) {
    case 'object':
      return objectFor(schema, choices, hostileShare, depth)
    case 'array':
      return arrayFor(schema, choices, hostileShare, depth)
    case 'string':
      if (schema.format === 'date-time') return choices.pick(moments)
      return schema.format === 'uuid' ? '5f1f6e3c-8a43-4f0e-9a57-3f2f7f0d6c11' : choices.pick(ids)
    case 'number':
    case 'integer': {
      const low = Math.max(schema.minimum ?? 0, -180)
      const high = Math.min(schema.maximum ?? 100, low + 300)
      const value = low + (high - low) * (choices.below(1_000) / 1_000)
      return schema.type === 'integer' ? Math.round(value) : value
    }
    case 'boolean':
      return choices.chance(0.5)
    default:
      return choices.pick(['x', 1, {}])
  }
}

function objectFor(schema: Schema, choices: Choices, hostileShare: number, depth: number): unknown {
  const required = new Set(schema.required)
  const members = Object.entries(schema.properties ?? {})
    .filter(([name]) => required.has(name) || (depth < 5 && choices.chance(0.4)))
    .map(([name, member]) => [name, valueFor(member, choices, hostileShare, depth + 1)])
  if (typeof schema.additionalProperties === 'object') {
    members.push(['key', valueFor(schema.additionalProperties, choices, hostileShare, depth + 1)])
  }
  if (choices.chance(hostileShare / 2)) members.push(['surplus', 1])
  return Object.fromEntries(members)
}

function arrayFor(schema: Schema, choices: Choices, hostileShare: number, depth: number): unknown {
  if (schema.prefixItems !== undefined) {
    return schema.prefixItems.map((item) => valueFor(item, choices, hostileShare, depth + 1))
  }
  const count = Math.max(schema.minItems ?? 0, choices.below(3))
  return Array.from({ length: count }, () => valueFor(schema.items ?? {}, choices, hostileShare, depth + 1))
}
