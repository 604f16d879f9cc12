import { fileURLToPath } from 'node:url'
import { findViolations } from './find-violations.ts'

const violations = findViolations(fileURLToPath(new URL('../..', import.meta.url)))
for (const { file, line, rule } of violations) console.error(`${file}:${line} ${rule}`)
process.exitCode = violations.length === 0 ? 0 : 1
