import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { codeOnly } from './code-only.ts'

export interface Violation {
  readonly file: string
  readonly line: number
  readonly rule: string
}

const core = ['schemas', 'src/intervals', 'src/places', 'src/domain', 'src/correlate', 'projections']
const stores = ['src/event-log', 'src/row-store', 'src/vault', 'src/config']
const edges = [
  'src/intake',
  'src/ingest',
  'src/export',
  'src/exchange',
  'src/access',
  'src/http',
  'src/simulate',
]

/** What each part may import besides itself: downward only, and sideways only where it is said here. */
const layers: Readonly<Record<string, readonly string[]>> = {
  schemas: [],
  'src/intervals': [],
  'src/places': ['schemas'],
  'src/domain': ['schemas', 'src/places'],
  'src/correlate': ['schemas', 'src/places', 'src/domain'],
  projections: ['schemas', 'src/domain', 'src/intervals'],
  'src/config': ['schemas'],
  'src/event-log': ['schemas'],
  'src/row-store': ['schemas', 'src/event-log', 'src/intervals'],
  'src/vault': ['schemas', 'src/event-log'],
  // It reads the same inventories as the importer does.
  'src/simulate': ['schemas', 'src/places', 'src/domain', 'src/ingest'],
  'src/pipeline': [...core, ...stores],
  'src/intake': [...core, ...stores, 'src/pipeline', 'src/ingest'],
  'src/ingest': [...core, ...stores, 'src/pipeline', 'src/intake'],
  'src/exchange': [...core, ...stores],
  'src/access': ['schemas', 'src/config'],
  'src/export': ['schemas', 'projections'],
  'src/http': [...core, ...stores, 'src/pipeline', 'src/intake', 'src/exchange', 'src/export', 'src/access'],
  'src/cli': [...core, ...stores, 'src/pipeline', ...edges],
  'src/main.ts': [...core, ...stores, 'src/pipeline', ...edges, 'src/cli'],
}

const pureParts: ReadonlySet<string> = new Set([
  'schemas',
  'projections',
  'src/intervals',
  'src/domain',
  'src/correlate',
  'src/simulate',
])
const impure: readonly (readonly [RegExp, string])[] = [
  [/\bDate\s*\.\s*now\b|\bnew\s+Date\s*(\(\s*\)|(?![\w\s(]))|\bperformance\b/g, 'reads the clock'],
  [/\bMath\s*\.\s*random\b|\brandomUUID\b|\bgetRandomValues\b/g, 'draws randomness'],
  [/\b(setTimeout|setInterval|setImmediate|queueMicrotask)\b/g, 'sets a timer'],
  [/\bprocess\s*[.[]|\bglobalThis\b/g, 'touches the process'],
]
const everywhere: readonly (readonly [RegExp, string])[] = [
  [/(?<=[:<]|\bas)\s*any\b(?!\s*[(:.])/g, 'uses any'],
  [/[\w)\]]!(?=[.[();,\s])(?!\s*=)/g, 'asserts with !'],
]
const vagueNames = /^(index|utils?|types?|common|helpers?|misc|shared)\.ts$/
const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|d))?\.ts$/
const maxLines = 300
const importing = /\b(?:from|import)\s*\(?\s*(['"])/g

/** Checks the sources under a root folder against the rules of the house (design: Layout, Habits). */
export function findViolations(root: string): readonly Violation[] {
  return ['schemas', 'projections', 'src'].flatMap((folder) =>
    sourcesIn(join(root, folder)).flatMap((path) => violationsOf(root, path)),
  )
}

function violationsOf(root: string, path: string): readonly Violation[] {
  const file = relative(root, path).split(sep).join('/')
  const source = readFileSync(path, 'utf8')
  const code = codeOnly(source)
  const part = partOf(file)
  const violation = (at: number, rule: string): Violation => ({
    file,
    line: source.slice(0, at).split('\n').length,
    rule,
  })
  const matches = (rules: readonly (readonly [RegExp, string])[]) =>
    rules.flatMap(([pattern, rule]) =>
      [...code.matchAll(pattern)].map(({ index }) => violation(index, `${part} ${rule}`)),
    )
  const imports = [...code.matchAll(importing)].flatMap((match) => {
    const start = match.index + match[0].length
    const specifier = source.slice(start, source.indexOf(match[1] ?? "'", start))
    const rule = importRule(root, path, part, specifier)
    return rule === undefined ? [] : [violation(match.index, rule)]
  })
  const found = [...imports, ...matches(everywhere), ...(pureParts.has(part) ? matches(impure) : [])]
  if (part !== 'src/main.ts') {
    const env = code.search(/\bprocess\s*\.\s*env\b/)
    if (env >= 0) found.push(violation(env, 'only src/main.ts reads the environment'))
  }
  const name = file.slice(file.lastIndexOf('/') + 1)
  if (vagueNames.test(name)) found.push(violation(0, 'a file is named for its main export'))
  if (!kebabCase.test(name)) found.push(violation(0, 'file names are kebab-case'))
  const lines = source.split('\n').length - 1
  if (lines > maxLines) found.push(violation(source.length, `${lines} lines are more than ${maxLines}`))
  return found
}

function importRule(root: string, path: string, part: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) {
    if (/^rxjs(\/|$)/.test(specifier) && part !== 'src/pipeline') return 'only src/pipeline imports rxjs'
    const banned = /^(node:|fastify|@fastify\/|lmdb$)/.test(specifier)
    return pureParts.has(part) && banned ? `${part} is pure and may not import ${specifier}` : undefined
  }
  const target = partOf(
    relative(root, resolve(dirname(path), specifier))
      .split(sep)
      .join('/'),
  )
  if (target === part) return undefined
  const allowed = layers[part]
  if (allowed === undefined) return `${part} has no place in the layers; name it in test/architecture`
  return allowed.includes(target) ? undefined : `${part} may not import ${target}`
}

/** `src/http/app.ts` belongs to `src/http`, `schemas/geo.ts` to `schemas`, `src/main.ts` to itself. */
function partOf(file: string): string {
  const [first = '', second] = file.split('/')
  return first === 'src' ? `${first}/${second}` : first
}

function sourcesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
