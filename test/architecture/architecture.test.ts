import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { codeOnly } from './code-only.ts'
import { findViolations } from './find-violations.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** What is found in a house that holds one file. */
function rulesBroken(file: string, source: string): readonly string[] {
  const root = mkdtempSync(join(tmpdir(), 'architecture-'))
  folders.push(root)
  for (const folder of ['schemas', 'projections', 'src', dirname(file)]) {
    mkdirSync(join(root, folder), { recursive: true })
  }
  writeFileSync(join(root, file), source)
  return findViolations(root).map(({ line, rule }) => `${line}: ${rule}`)
}

describe('the rules of the house', () => {
  test('hold in this repository', () => {
    expect(findViolations(fileURLToPath(new URL('../..', import.meta.url)))).toEqual([])
  })

  test.each([
    [
      'src/correlate/a.ts',
      "import { x } from '../simulate/x.ts'",
      '1: src/correlate may not import src/simulate',
    ],
    ['src/domain/a.ts', "export * from '../pipeline/x.ts'", '1: src/domain may not import src/pipeline'],
    ['schemas/a.ts', "\nimport type { X } from '../src/domain/x.ts'", '2: schemas may not import src/domain'],
    ['projections/a.ts', "const x = await import('../src/row-store/x.ts')", 'may not import src/row-store'],
    [
      'src/correlate/deep/a.ts',
      "import {\n  a,\n  b,\n} from 'node:fs'",
      '4: src/correlate is pure and may not import node:fs',
    ],
    ['src/domain/a.ts', "import fastify from 'fastify'", 'may not import fastify'],
    ['src/http/a.ts', "import { map } from 'rxjs/operators'", 'only src/pipeline imports rxjs'],
    ['src/elsewhere/a.ts', "import { x } from '../http/x.ts'", 'has no place in the layers'],
    ['src/correlate/a.ts', 'export const at = Date.now()', 'reads the clock'],
    ['src/correlate/a.ts', 'export const at = new Date()', 'reads the clock'],
    ['src/correlate/a.ts', 'export const at = `${new Date().toISOString()}`', 'reads the clock'],
    ['projections/a.ts', 'export const x = Math.random()', 'draws randomness'],
    ['schemas/a.ts', 'setTimeout(() => {}, 1)', 'sets a timer'],
    ['src/domain/a.ts', 'export const x = process.argv', 'touches the process'],
    ['src/http/a.ts', "export const x = process.env['X']", 'only src/main.ts reads the environment'],
    ['src/http/a.ts', 'export const x = (y: any) => y', 'uses any'],
    ['src/http/a.ts', 'export const x = list[0]!.id', 'asserts with !'],
    ['src/http/utils.ts', '', 'named for its main export'],
    ['src/http/index.ts', '', 'named for its main export'],
    ['src/http/myFile.ts', '', 'kebab-case'],
    ['src/http/a.ts', '\n'.repeat(301), '301 lines are more than 300'],
  ])('a violation planted in %s is caught: %s', (file, source, expected) => {
    const broken = rulesBroken(file, source)
    expect(broken).toHaveLength(1)
    expect(broken[0]).toContain(expected)
  })

  test.each([
    [
      'src/correlate/a.ts',
      "// Date.now() here\nexport const words = 'new Date() and any' /* Math.random() */",
    ],
    ['src/correlate/a.ts', 'export const at = (ms: number) => new Date(ms).toISOString() !== "process.env"'],
    ['src/correlate/a.ts', "import { a } from '../../schemas/a.ts'\nexport { b } from './b.ts'"],
    ['src/domain/a.ts', "export const rule = /['\"`]any: any/.test('x')\nexport const anything = !rule"],
    ['src/pipeline/a.ts', "import { map } from 'rxjs'"],
  ])('what only looks like a violation in %s is none: %s', (file, source) => {
    expect(rulesBroken(file, source)).toEqual([])
  })

  test('code inside a template is code, its text is not', () => {
    expect(codeOnly('a(`Date.now ${b({ c: `x${d}` })} "` + e)')).toBe(
      'a(`         ${b({ c: ` ${d}` })}  ` + e)',
    )
  })
})
