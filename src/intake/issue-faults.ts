import type { z } from 'zod'
import { pointerTo } from './json-pointer.ts'

/** Something wrong with what was sent. */
interface IssueFault {
  /** JSON pointer to the field at fault. */
  readonly pointer: string
  readonly detail: string
}

/** The most values that a fault lists; of more, it says how many there are. */
const maxValuesNamed = 24

/** What zod found wrong, field by field: a field that does not belong there is at fault itself, not what holds it. */
export function issueFaults(
  issues: readonly z.core.$ZodIssue[],
  maxFaults: number,
  under: readonly PropertyKey[] = [],
): IssueFault[] {
  return issues
    .flatMap((issue) => {
      const path = [...under, ...issue.path]
      if (issue.code !== 'unrecognized_keys') return [{ pointer: pointerTo(path), detail: briefly(issue) }]
      return issue.keys.map((key) => ({ pointer: pointerTo([...path, key]), detail: 'is not known here' }))
    })
    .slice(0, maxFaults)
}

function briefly(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value' && issue.values.length > maxValuesNamed) {
    return `is none of the ${issue.values.length} that are known`
  }
  if (issue.code !== 'invalid_type' || !issue.message.startsWith('Invalid input')) return issue.message
  if (issue.message.endsWith('received undefined')) return 'is missing'
  return `must be ${plainNames[issue.expected] ?? issue.expected}`
}

/** What zod calls types, in words for people who know JSON. */
const plainNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  tuple: 'a list',
}
