import type { Engine } from '../correlate/engine.ts'

/** What the pipeline needs of an engine. Deterministic: the same events in the same order give the same decisions (E1). */
export type DecidingEngine = Pick<
  Engine,
  'decide' | 'fold' | 'drop' | 'assess' | 'nextDeadlineMs' | 'sizes' | 'ruleset'
>
