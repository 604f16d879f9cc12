import type { Piece } from '../piece.ts'

/** Every piece by its letter in the order of the table. Loaded one at a time: each runs in a process of its own. */
export const pieces: Readonly<
  Record<string, { readonly title: string; readonly load: () => Promise<Piece> }>
> = {
  a: {
    title: 'search and plain score',
    load: async () => (await import('./search-and-score.ts')).searchAndScore,
  },
  b: {
    title: 'full attribution with evidence',
    load: async () => (await import('./full-attribution.ts')).fullAttribution,
  },
  c: {
    title: 'clusters kept current',
    load: async () => (await import('./clusters-kept-current.ts')).clustersKeptCurrent,
  },
  d: {
    title: 'a log folded, and decided anew',
    load: async () => (await import('./replay-rates.ts')).replayRates,
  },
  e: {
    title: 'NDJSON over HTTP',
    load: async () => (await import('./ndjson-intake.ts')).ndjsonIntake,
  },
  f: {
    title: 'from POST to answer under load',
    load: async () => (await import('./answer-latency.ts')).answerLatency,
  },
  g: {
    title: 'memory held',
    load: async () => (await import('./memory-held.ts')).memoryHeld,
  },
  h: {
    title: 'restart, from a checkpoint and from the whole log',
    load: async () => (await import('./restart.ts')).restart,
  },
  i: {
    title: 'alarms against the ids of their day',
    load: async () => (await import('./known-alarm-ids.ts')).knownAlarmIds,
  },
  j: {
    title: 'into EventStoreDB and out of it',
    load: async () => (await import('./distributed-log.ts')).distributedLog,
  },
  t: {
    title: 'reads as of a moment long ago',
    load: async () => (await import('./time-travel.ts')).timeTravel,
  },
  accuracy: {
    title: 'how often answers are right',
    load: async () => (await import('./accuracy-of-answers.ts')).accuracyOfAnswers,
  },
  rows: {
    title: 'rows that network operations see',
    load: async () => (await import('./rows-of-operations.ts')).rowsOfOperations,
  },
}
