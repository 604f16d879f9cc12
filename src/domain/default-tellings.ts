import type { Ruleset } from '../../schemas/ruleset.ts'

const hourMs = 3_600_000

/** What customers tell beside place and symptom, and what of those who tell no place. */
export const defaultTellings: Pick<Ruleset, 'told' | 'crowds'> = {
  told: {
    roughTimeShare: 0.3,
    roughTimeFactor: 5,
    usualOutageMs: 1.5 * hourMs,
    usualDegradedMs: 18 * hourMs,
    lostClear: -4,
    stillOutDuring: 0.45,
    overDuring: -0.9,
    overAfterEnd: 0.75,
    suddenFailure: 0.45,
    suddenDegraded: -0.8,
    intermittentFailure: -1.1,
    intermittentDegraded: 0.5,
  },
  crowds: { minCustomers: 5, awayShare: 0.2, awayMeters: 3_000 },
}
