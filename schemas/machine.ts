import { z } from 'zod'
import { ruleset } from './ruleset.ts'
import { identifier, prose } from './text.ts'

// These shapes are stored: change them only by adding, or with an upcaster.

export const rulesetActivated = z.strictObject({ ruleset, engineVersion: identifier })
export type RulesetActivated = z.infer<typeof rulesetActivated>

/** Moves engine time where a deadline falls due and nothing else arrives. */
export const clockTicked = z.strictObject({})
export type ClockTicked = z.infer<typeof clockTicked>

/** The fence: whoever decided before fails its next append to the shard's decisions. */
export const correlatorStarted = z.strictObject({
  shard: z.int().min(0),
  instance: identifier,
  engineVersion: identifier,
})
export type CorrelatorStarted = z.infer<typeof correlatorStarted>

/**
 * The engine could not take an input, or what fell due with it: it failed midway and was made again without. A fact of the
 * log and one version of the engine, so that every rebuild by that version leaves out the same.
 */
export const inputParked = z.strictObject({
  shard: z.int().min(0),
  /** The input at which the engine failed. */
  inputId: z.uuid(),
  /** What fell due then and failed, as kind:id. It never falls due again, and the input counts. Left out: the input is left out. */
  deadline: z.string().max(2_000).optional(),
  reason: prose,
  engineVersion: identifier,
})
export type InputParked = z.infer<typeof inputParked>

/** Whoever decides is there: every input up to `meta.covers` is decided, though no decision came of the last ones. */
export const correlatorReported = z.strictObject({
  shard: z.int().min(0),
  instance: identifier,
  /** It ends in good order: another one may take over at once. */
  stops: z.literal(true).optional(),
})
export type CorrelatorReported = z.infer<typeof correlatorReported>
