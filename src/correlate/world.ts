import type { Ruleset } from '../../schemas/ruleset.ts'
import type { AlarmBook } from './alarm-book.ts'
import type { CauseBook } from './cause-book.ts'
import type { CrowdBook } from './crowd-book.ts'
import type { ComplaintBook } from './complaint-book.ts'
import type { PublishedBook } from './published-book.ts'
import type { ServingIndex } from './serving-index.ts'
import type { Topology } from './topology.ts'

/** The facts of the engine's window under one ruleset: what weighing reads. */
export interface World {
  readonly ruleset: Ruleset
  readonly topology: Topology
  readonly serving: ServingIndex
  readonly causes: CauseBook
  readonly alarms: AlarmBook
  readonly published: PublishedBook
  readonly complaints: ComplaintBook
  readonly crowds: CrowdBook
}
