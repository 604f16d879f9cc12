import { pieces } from './pieces/all-pieces.ts'
import { tableOf } from './table.ts'

/** Runs one piece and hands its rows to the process that started this one; started by hand (to profile it), prints them. */
const [letter = '', size] = process.argv.slice(2)
const piece = await pieces[letter]?.load()
if (piece === undefined) throw new Error(`there is no piece ${letter}`)
const rows = await piece({
  full: size === 'full',
  say: (text) => process.stderr.write(`${letter}: ${text}\n`),
})
if (process.send === undefined) process.stdout.write(tableOf(rows))
else await new Promise<void>((resolve) => process.send?.(rows, () => resolve()))
process.exit(0)
