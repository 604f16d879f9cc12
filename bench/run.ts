import { execFileSync, fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { installPeers, root } from './peers.ts'
import { pieces } from './pieces/all-pieces.ts'
import type { Row } from './row.ts'
import { tableOf } from './table.ts'

const usage = `npm run bench -- [--only a,c] [--full] [--json FILE]

Measures in one run, each piece in a process of its own, on what the compiler makes of the sources (as it is shipped).
${Object.entries(pieces)
  .map(([letter, { title }]) => `  ${letter}  ${title}`)
  .join('\n')}
`

/** Large cities are held as events while they are measured. */
const heapMegabytes = 6_144

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    only: { type: 'string' },
    full: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) process.stdout.write(usage)
else await bench()

async function bench(): Promise<void> {
  const letters = values.only?.split(',').map((letter) => letter.trim()) ?? Object.keys(pieces)
  const unknown = letters.find((letter) => pieces[letter] === undefined)
  if (unknown !== undefined) {
    process.stderr.write(`there is no piece ${unknown}\n\n${usage}`)
    process.exitCode = 2
    return
  }
  const trouble = installPeers()
  if (trouble !== undefined) process.stderr.write(`${trouble}\n`)
  build()
  const rows: Row[] = []
  for (const letter of letters) {
    const measured = await runPiece(letter)
    if (measured === undefined) process.exitCode = 1
    else {
      process.stdout.write(tableOf(measured))
      rows.push(...measured)
    }
    // What has been measured is kept, whatever becomes of the rest.
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`)
  }
}

function build(): void {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  execFileSync(process.execPath, [compiler, '-p', join(root, 'bench', 'tsconfig.json')], {
    stdio: ['ignore', 2, 2],
  })
}

async function runPiece(letter: string): Promise<readonly Row[] | undefined> {
  const child = fork(
    join(root, 'bench', 'dist', 'bench', 'run-piece.js'),
    [letter, values.full ? 'full' : 'usual'],
    {
      cwd: root,
      // The young generation as `npm start` has it: engines make much that is soon forgotten.
      execArgv: ['--expose-gc', '--max-semi-space-size=64', `--max-old-space-size=${heapMegabytes}`],
      stdio: ['ignore', 2, 2, 'ipc'],
    },
  )
  let rows: readonly Row[] | undefined
  child.on('message', (message) => (rows = message as readonly Row[]))
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  if (rows === undefined) process.stderr.write(`${letter}: ended with code ${code} and without figures\n`)
  return rows
}
