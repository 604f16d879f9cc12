import type { Ruleset } from '../../schemas/ruleset.ts'

const hourMs = 3_600_000

/** Customers are called by day only, three times at the most. */
export const defaultCallbacks: NonNullable<Ruleset['callbacks']> = {
  permitted: { from: '09:00', to: '20:00' },
  maxAttempts: 3,
  retryMs: 2 * hourMs,
  expiryMs: 72 * hourMs,
  classes: ['vip', 'enterprise', 'business'],
}

/** What customers tell beside place and symptom, what of those who tell no place, and when they are called back. */
export const defaultTellings: Pick<Ruleset, 'told' | 'crowds' | 'callbacks'> = {
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
  callbacks: defaultCallbacks,
  crowds: { minCustomers: 5, awayShare: 0.2, awayMeters: 3_000 },
}
