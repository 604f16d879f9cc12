import type { AccessType, EventOf, EventType, DecisionType } from '../../schemas/event.ts'
import { toMs } from '../../schemas/instant.ts'
import type { Deadline } from './deadlines.ts'
import { decideClusters } from './decide-clusters.ts'
import { decideComplaint } from './decide-complaint.ts'
import {
  decideCorrelation,
  decideDeclared,
  decideOutage,
  decideRejected,
  opensByItselfMs,
  outagePhase,
} from './decide-outage.ts'
import type { Desk } from './desk.ts'
import { ActBook } from './fold-act.ts'
import type { Complaint } from './model.ts'
import {
  amendComplaint,
  retire,
  retirePublished,
  takeAlarm,
  takeComplaint,
  takeInventory,
  takePublished,
  useRules,
  withdrawComplaint,
} from './take-facts.ts'
import { causeOver, outageDue } from './touch.ts'
import { Window } from './window.ts'

/** An event that is no decision, and says more than who looked at what. */
export type StepInput = EventOf<Exclude<EventType, DecisionType | AccessType>>

/** Who answers what a trigger leads to: deciding decides it, folding takes it from the log. */
export type Answer = (trigger: string, decide: (desk: Desk) => void) => void

/** How often works, gaps and advisories are looked through for what has left the window. */
const retirePublishedEveryMs = 3_600_000

/** What an engine remembers between two inputs. */
export class EngineState {
  readonly version: string
  /** None before the first ruleset. */
  window: Window | undefined = undefined
  /** The running maximum of `recordedAt`. */
  timeMs = 0
  readonly acts = new ActBook()
  retiredPublishedMs = 0
  /** What must not fall due any more, as `kind:id`: it failed once. */
  readonly dropped = new Set<string>()

  constructor(version: string) {
    this.version = version
  }
}

/** What fell due could not be handled. The state is half changed and of no use any more. */
export class DeadlineFailedError extends Error {
  override readonly name = 'DeadlineFailedError'
  /** As `kind:id`. */
  readonly deadline: string
  constructor(deadline: string, cause: unknown) {
    super(String(cause), { cause })
    this.deadline = deadline
  }
}

/** Takes an input in, after all deadlines due by its time. */
export function step(state: EngineState, input: StepInput, answer: Answer): void {
  if (input.type === 'RulesetActivated') activate(state, input, answer)
  const { window } = state
  if (window === undefined)
    throw new Error(`no ruleset is active: ${input.type} ${input.id} cannot be folded`)
  state.timeMs = Math.max(state.timeMs, toMs(input.recordedAt))
  for (
    let deadline = window.deadlines.take(state.timeMs);
    deadline !== undefined;
    deadline = window.deadlines.take(state.timeMs)
  ) {
    // Deadlines are handled at their own moment, so that it does not matter what moved the time past them.
    window.nowMs = Math.max(window.nowMs, deadline.dueMs)
    const name = `${deadline.kind}:${deadline.id}`
    if (state.dropped.has(name)) continue
    try {
      handle(deadline, window, state.version, answer)
    } catch (cause) {
      throw new DeadlineFailedError(name, cause)
    }
  }
  window.nowMs = state.timeMs
  retire(window)
  if (state.timeMs - state.retiredPublishedMs > retirePublishedEveryMs) {
    state.retiredPublishedMs = state.timeMs
    retirePublished(window)
  }
  take(input, window, state, answer)
  if (window.clusterChanges.length > 0) answer('input', (desk) => decideClusters(window, desk))
}

function activate(state: EngineState, { data }: EventOf<'RulesetActivated'>, answer: Answer): void {
  const { window } = state
  if (window === undefined) state.window = new Window(data.ruleset)
  else if (JSON.stringify(window.ruleset) !== JSON.stringify(data.ruleset)) {
    useRules(window, data.ruleset)
    answer('input', (desk) => decideClusters(window, desk))
  }
}

function take(input: StepInput, window: Window, state: EngineState, answer: Answer): void {
  switch (input.type) {
    case 'ElementRegistered':
    case 'ElementChanged':
    case 'ElementRetired':
    case 'ElementLinked':
    case 'ElementUnlinked':
      return takeInventory(window, input)
    case 'AlarmRaised':
    case 'AlarmChanged':
    case 'AlarmCleared':
      return takeAlarm(window, input)
    case 'CutoverPlanned':
    case 'CutoverRescheduled':
    case 'CutoverStarted':
    case 'CutoverFinished':
    case 'CutoverCancelled':
    case 'CoverageGapReported':
    case 'CoverageGapChanged':
    case 'CoverageGapClosed':
    case 'AdvisoryWithdrawn':
      return takePublished(window, input)
    case 'AdvisoryPublished': {
      takePublished(window, input)
      const cause = window.causes.byKey.get(`advisory:${input.data.advisoryId}`)
      if (cause === undefined) return
      if (cause.startMs > window.nowMs) return window.deadlines.set(cause.correlation, cause.startMs)
      return answer('input', (desk) => decideDeclared(cause, window, desk))
    }
    case 'ComplaintReceived':
      // Sent again under another event id, it is the same complaint still.
      if (window.complaints.byId.has(input.data.complaintId)) return
      return weigh(takeComplaint(window, input), window, state, answer)
    case 'ComplaintAmended':
      return weigh(amendComplaint(window, input.data), window, state, answer)
    case 'ComplaintWithdrawn':
      withdrawComplaint(window, input.data.complaintId)
      return
    case 'OutageRejected': {
      state.acts.take(input, window)
      const outage = window.outages.byId.get(input.data.outageId)
      if (outage === undefined) return
      return answer('input', (desk) => decideRejected(outage, desk))
    }
    case 'CauseConfirmed':
    case 'CauseRejected':
    case 'OutageConfirmed':
    case 'DecisionUndone':
    case 'EndEstimated':
      return state.acts.take(input, window)
    // They weigh nothing: what people do with alarms, orders and outages, and what the machine says of itself.
    case 'AlarmAcknowledged':
    case 'AlarmShelved':
    case 'AlarmUnshelved':
    case 'CustomersSilentReported':
    case 'ReplyGiven':
    case 'ComplaintDispatched':
    case 'ComplaintResolved':
    case 'CallbackMade':
    case 'OutageAcknowledged':
    case 'OutageAssigned':
    case 'OutageWorded':
    case 'OutageMergedByHand':
    case 'NoticeMuted':
    case 'NoticeUnmuted':
    case 'ClusterMergedByHand':
    case 'ClusterSplitByHand':
    case 'ClusterAcknowledged':
    case 'ClusterAssigned':
    case 'GapCandidateAccepted':
    case 'GapCandidateDismissed':
    case 'NoteAdded':
    case 'OrderOpened':
    case 'OrderUpdated':
    case 'OrderResolved':
    case 'OrderReturned':
    case 'OrderReopened':
    case 'RulesetActivated':
    case 'ClockTicked':
    case 'FeedFellSilent':
    case 'FeedReturned':
    case 'FeedHeard':
    case 'FeedAcknowledged':
    case 'CorrelatorStarted':
    case 'CorrelatorReported':
    case 'InputParked':
      return
  }
}

function weigh(
  complaint: Complaint | undefined,
  window: Window,
  { version }: EngineState,
  answer: Answer,
): void {
  if (complaint === undefined) return
  answer('input', (desk) => {
    decideClusters(window, desk)
    decideComplaint(complaint, window, desk, version)
  })
}

/** Something has fallen due. What it names may have left the window since. */
function handle({ kind, id, dueMs }: Deadline, window: Window, version: string, answer: Answer): void {
  const trigger = `${kind}:${id}@${dueMs}`
  switch (kind) {
    case 'cause-over': {
      const cause = window.causes.byKey.get(id)
      if (cause !== undefined) causeOver(window, cause)
      return
    }
    case 'correlate': {
      const cause = window.causes.byKey.get(id)
      if (cause === undefined) return
      const decide = cause.kind === 'advisory' ? decideDeclared : decideCorrelation
      answer(trigger, (desk) => decide(cause, window, desk))
      if (cause.kind !== 'alarm' || cause.correlation.dueMs !== Infinity) return
      const againMs = opensByItselfMs(cause, window)
      if (againMs !== undefined) window.deadlines.set(cause.correlation, againMs)
      return
    }
    case 'outage': {
      const outage = window.outages.byId.get(id)
      if (outage === undefined) return
      answer(trigger, (desk) => decideOutage(outage, window, desk))
      // Nothing else may touch it any more: it comes back when time alone has moved it on.
      if (outage.root === undefined || !window.outages.byId.has(id) || outage.timer.dueMs !== Infinity) return
      const { nextMs } = outagePhase(outage.root, window)
      // Where another version left it open, what was logged stands; but it must not fall due at one moment for ever.
      const againMs = nextMs > window.nowMs ? nextMs : window.nowMs + window.ruleset.times.dwellMs
      if (againMs !== Infinity) outageDue(window, outage, againMs)
      return
    }
    case 'complaint': {
      const complaint = window.complaints.byId.get(id)
      if (complaint === undefined || complaint.withdrawn) return
      return answer(trigger, (desk) => decideComplaint(complaint, window, desk, version))
    }
  }
}
