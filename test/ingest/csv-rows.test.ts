import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvRows, maxRowChars, type CsvRow, type Delimiter } from '../../src/ingest/csv-rows.ts'
import { readTable, type Table } from '../../src/ingest/read-table.ts'

async function* inChunks(text: string, size = 7): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
}

async function rowsOf(text: string, { size, delimiter }: { size?: number; delimiter?: Delimiter } = {}) {
  const rows: CsvRow[] = []
  for await (const batch of csvRows(inChunks(text, size), delimiter)) rows.push(...batch)
  return rows
}

const tableOf = async (text: string): Promise<{ table: Table; rows: unknown[] }> => {
  async function* bytes() {
    yield Buffer.from(text)
  }
  const table = await readTable(bytes(), {})
  const rows: unknown[] = []
  for await (const batch of table.rows) rows.push(...batch)
  return { table, rows }
}

describe('rows', () => {
  test('know the line of the file at which they start, whatever is quoted before them', async () => {
    expect(await rowsOf('a,b\r\n"one\ntwo",2\n\n"say ""hi""",\rlast,5')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['one\ntwo', '2'] },
      { line: 5, cells: ['say "hi"', ''] },
      { line: 6, cells: ['last', '5'] },
    ])
  })

  test('are separated by what the heading holds most of', async () => {
    expect(await rowsOf('"a,b";c;d\n1;2;3')).toEqual([
      { line: 1, cells: ['a,b', 'c', 'd'] },
      { line: 2, cells: ['1', '2', '3'] },
    ])
    expect((await rowsOf('a\tb\n1,0\t2'))[1]).toEqual({ line: 2, cells: ['1,0', '2'] })
  })

  test('come back as they were written, however the text is cut (property)', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', ' ', '天', '𠀀'),
      maxLength: 6,
    })
    const table = fc
      .integer({ min: 2, max: 4 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
      )
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 9 }), async (cells, size) => {
        const text = stringify(cells, { quoted: true })
        const rows = await rowsOf(text, { size, delimiter: ',' })
        expect(rows.map((row) => ('cells' in row ? row.cells : row))).toEqual(cells)
        const starts = cells.map((_, at) => 1 + lineEnds(stringify(cells.slice(0, at), { quoted: true })))
        expect(rows.map(({ line }) => line)).toEqual(starts)
      }),
      { seed: 3, numRuns: 300 },
    )
  })

  test('never throw and never get lost, whatever the text is (property)', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '\0', ' '), maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (hostile, size) => {
        const cut = await rowsOf(hostile, { size, delimiter: ',' })
        expect(cut).toEqual(await rowsOf(hostile, { size: 100, delimiter: ',' }))
        const lines = cut.map(({ line }) => line)
        expect(lines).toEqual([...new Set(lines)].sort((a, b) => a - b))
      }),
      { seed: 5, numRuns: 500 },
    )
  })
})

describe('a row that cannot be read costs itself alone', () => {
  test('a quote that is never closed', async () => {
    expect(await rowsOf('a,b\n1,"open\n2,ok\n3,ok')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, refused: 'a quote is opened and never closed' },
      { line: 3, cells: ['2', 'ok'] },
      { line: 4, cells: ['3', 'ok'] },
    ])
  })

  test('text behind a closing quote', async () => {
    const [, broken, next] = await rowsOf('a,b\n"x"y,1\n2,3')
    expect(broken).toEqual({ line: 2, refused: 'text follows a closing quote' })
    expect(next).toEqual({ line: 3, cells: ['2', '3'] })
  })

  test('a line of 10 MB, in memory bounded by the row limit', async () => {
    async function* text() {
      yield 'a,b\n'
      for (let at = 0; at < 160; at += 1) yield 'x'.repeat(65_536)
      yield '\n"'
      for (let at = 0; at < 160; at += 1) yield 'y'.repeat(65_536)
      yield '\n1,2\n'
    }
    const rows: CsvRow[] = []
    for await (const batch of csvRows(text())) rows.push(...batch)
    expect(rows).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, refused: `is longer than ${maxRowChars} characters` },
      { line: 3, refused: 'a quote is opened and never closed' },
      { line: 4, cells: ['1', '2'] },
    ])
  })

  test('NUL characters and a wrong number of columns', async () => {
    const { rows } = await tableOf('a,b\n1\0,2\n1,2,3\n1\n1,2\n')
    expect(rows).toEqual([
      { line: 2, refused: 'holds a NUL character' },
      { line: 3, refused: 'has 3 columns, the heading 2' },
      { line: 4, refused: 'has 1 columns, the heading 2' },
      { line: 5, cells: ['1', '2'] },
    ])
  })
})

describe('a file whose heading cannot be used is an error as a whole', () => {
  test.each([
    ['', 'the file is empty'],
    ['\n\n', 'the file is empty'],
    ['a,b,a\n1,2,3', 'two columns named a'],
    ['"a,b\n1,2', 'the heading cannot be read: a quote is opened'],
  ])('%j', async (text, message) => {
    await expect(tableOf(text)).rejects.toThrow(message)
  })
})

function lineEnds(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0
}
