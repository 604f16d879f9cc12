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
      switch (issue.code) {
        case 'unrecognized_keys':
          return issue.keys.map((key) => ({
            pointer: pointerTo([...path, key]),
            detail: 'is not known here',
          }))
        case 'invalid_value':
          return [{ pointer: pointerTo(path), detail: briefly(issue) }]
        default:
          return [{ pointer: pointerTo(path), detail: issue.message }]
      }
    })
    .slice(0, maxFaults)
}

function briefly({ values, message }: z.core.$ZodIssueInvalidValue): string {
  return values.length > maxValuesNamed ? `is none of the ${values.length} that are known` : message
}
