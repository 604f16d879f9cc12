import type { Cause, Complaint } from './model.ts'

/** What people's verdicts on a complaint come to, by cause key: of each cause the last word counts, of confirmations the last. */
export function standingVerdicts({ verdicts }: Complaint): {
  readonly confirmed: string | undefined
  readonly rejected: ReadonlySet<string>
} {
  if (verdicts.size === 0) return nobody
  let confirmed: string | undefined
  const rejected = new Set<string>()
  for (const { causeKey, confirmed: yes } of verdicts.values()) {
    if (yes) {
      confirmed = causeKey
      rejected.delete(causeKey)
    } else {
      rejected.add(causeKey)
      if (confirmed === causeKey) confirmed = undefined
    }
  }
  return { confirmed, rejected }
}

const nobody = { confirmed: undefined, rejected: new Set<string>() } as const

/** People's confirmations of a cause less their rejections, on other complaints than this one. */
export function feedbackOn(cause: Cause, { id }: Complaint): number {
  if (cause.verdicts.size === 0) return 0
  let sum = 0
  for (const [complaintId, verdict] of cause.verdicts) if (complaintId !== id) sum += verdict
  return sum
}
