import { pieces } from './pieces/all-pieces.ts'

/** Runs one piece and hands its rows to the process that started this one. */
const [letter = '', size] = process.argv.slice(2)
const piece = await pieces[letter]?.load()
if (piece === undefined) throw new Error(`there is no piece ${letter}`)
const rows = await piece({
  full: size === 'full',
  say: (text) => process.stderr.write(`${letter}: ${text}\n`),
})
await new Promise<void>((resolve) => {
  if (process.send === undefined) resolve()
  else process.send(rows, () => resolve())
})
process.exit(0)
