import { z } from 'zod'
import { instant } from './instant.ts'
import { bilingual, identifier } from './text.ts'

// These shapes are stored: change them only by adding, or with an upcaster.

/**
 * What can explain a complaint. An alarm's id names its source, the alarm and its episode
 * (`nms-south/4711@2026-03-01T02:02:00.000Z`), since an alarm that comes back later is another cause.
 */
export const causeRef = z.strictObject({
  kind: z.enum(['alarm', 'cutover', 'gap', 'advisory']),
  id: z.string().max(500),
})
export type CauseRef = z.infer<typeof causeRef>

/** `watched`: it has cleared, and the clear has not yet held for the dwell (观察期). */
export const causeState = z.enum(['planned', 'ongoing', 'watched', 'restored', 'standing'])
export type CauseState = z.infer<typeof causeState>

/** One step from the complaint to the root. The first explains the complaint, each next explains the one before. */
export const chainLink = z.strictObject({
  relation: z.enum(['explains', 'upstream', 'power', 'ring', 'cutover', 'declared', 'reason', 'remedy']),
  cause: causeRef,
  elementId: z.string().optional(),
  /** For the agent and operations: may hold element names and codes. */
  title: z.string(),
  from: instant.optional(),
  to: instant.optional(),
  state: causeState,
})
export type ChainLink = z.infer<typeof chainLink>

/** One item of evidence: natural logarithm of the likelihood ratio against "no known cause". */
export const evidence = z.strictObject({
  term: z.enum([
    'impact',
    'distance',
    'served-by',
    'time',
    'symptom',
    'severity',
    'company',
    'confirmation',
    'setting',
    'feedback',
    'still-out',
    'pattern',
  ]),
  weightNats: z.number(),
  /** What was measured: metres, milliseconds, counts. */
  figures: z.record(z.string(), z.union([z.number(), z.string()])),
})
export type Evidence = z.infer<typeof evidence>

export const alternative = z.strictObject({
  cause: causeRef,
  root: causeRef,
  title: z.string(),
  probability: z.number(),
  evidence: z.array(evidence),
  /** The term by which it lost most against the leader. */
  lostBy: evidence.shape.term.optional(),
})
export type Alternative = z.infer<typeof alternative>

/** The one question that best separates the leaders. */
export const question = z.strictObject({
  options: z.array(
    z.strictObject({
      about: z.strictObject({ kind: z.enum(['element', 'gap', 'cutover', 'advisory']), id: z.string() }),
      label: bilingual,
    }),
  ),
  words: bilingual,
})
export type Question = z.infer<typeof question>

/** What the agent does with an answer (处置建议): say it, ask first, or pass it on as a work order. */
export const band = z.enum(['say', 'ask', 'dispatch'])
export type Band = z.infer<typeof band>

/** What the engine can say of a complaint; the stored decision adds the complaint and what it supersedes. */
export const assessment = z.strictObject({
  verdict: z.enum(['explained', 'unexplained', 'notNetwork', 'customerSide']),
  direct: causeRef.optional(),
  root: causeRef.optional(),
  chain: z.array(chainLink),
  /** Of the root; with `noneProbability`, the alternatives' and `restProbability` it sums to one. */
  probability: z.number(),
  noneProbability: z.number(),
  evidence: z.array(evidence),
  alternatives: z.array(alternative).max(5),
  restProbability: z.number(),
  state: causeState.optional(),
  band,
  question: question.optional(),
  /** For the customer: no element names or codes. */
  words: bilingual,
  /** From this moment `wordsAfter` is said instead: a stated end has passed. */
  wordsUntil: instant.optional(),
  wordsAfter: bilingual.optional(),
  /** For the agent. */
  detail: bilingual,
  expectedEnd: instant.optional(),
  outageId: z.string().optional(),
  /** The same customer's earlier complaint of the same trouble. */
  repeatOf: z.string().optional(),
  /** A person confirmed this cause. */
  confirmed: z.literal(true).optional(),
  /** A person confirmed it, and the evidence now speaks for something else. */
  disputed: z.literal(true).optional(),
  /** It arrived later than the lateness limit: answered, but it weighs nothing for others. */
  tooLate: z.literal(true).optional(),
  ruleset: z.string(),
  engineVersion: z.string(),
})
export type Assessment = z.infer<typeof assessment>

/** A first or revised attribution. Its own event id is the attribution's id. */
export const causeAttributed = assessment.extend({
  complaintId: identifier,
  /** The event id of the attribution that this one replaces. */
  supersedes: z.string().optional(),
  /** Why it was revised: which of these changed. */
  changed: z.array(z.enum(['verdict', 'root', 'state', 'band', 'disputed', 'outage'])).optional(),
})
export type CauseAttributed = z.infer<typeof causeAttributed>

/** Alarm ← root: the alarm is a consequence. Where `root` is left out, an earlier correlation no longer holds. */
export const alarmCorrelated = z.strictObject({
  alarm: causeRef,
  elementId: z.string(),
  root: causeRef.optional(),
  relation: chainLink.shape.relation.optional(),
  outageId: z.string().optional(),
})
export type AlarmCorrelated = z.infer<typeof alarmCorrelated>
