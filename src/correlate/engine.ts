import type { Assessment } from '../../schemas/attribution.ts'
import type { ComplaintReceived } from '../../schemas/complaint.ts'
import type { DataOf, DecisionType, EventOf, EventType } from '../../schemas/event.ts'
import { decisionId } from '../../schemas/event-id.ts'
import { toInstant, toMs } from '../../schemas/instant.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { attribution } from './attribution.ts'
import { judge } from './judgement.ts'
import { Complaint } from './model.ts'
import { type Deadline } from './deadlines.ts'
import {
  decideClusters,
  decideComplaint,
  decideCorrelation,
  decideDeclared,
  decideOutage,
  type Desk,
  outagePhase,
} from './decide.ts'
import { ActBook } from './fold-act.ts'
import { foldDecision } from './fold-decision.ts'
import { lookAt } from './placing.ts'
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

/** Raise it with every change that may decide otherwise: decision ids depend on it. */
export const engineVersion = '1'

/** An event that is no decision. */
export type Input = EventOf<Exclude<EventType, DecisionType>>
/** One of the engine's own. */
export type Decision = EventOf<DecisionType>

/**
 * The correlation engine: a deterministic state machine over a bounded window. The same inputs in the same order give
 * the same decisions, byte for byte (E1). It knows no clock: time is the running maximum of `recordedAt`.
 */
export interface Engine {
  /** Folds an input and the deadlines due by then; answers what it decided, in order, already folded. */
  decide(input: Input): Decision[]
  /** Folds an input together with the decisions that were logged for it. */
  fold(input: Input, decisions: readonly Decision[]): void
  /** What would be answered to a complaint now. Changes nothing that later answers depend on. */
  assess(draft: ComplaintReceived, nowMs: number): Assessment
  readonly timeMs: number
  /** When a deadline falls due with no input needed; the shell appends `ClockTicked` then. */
  nextDeadlineMs(): number | undefined
  sizes(): Record<string, number>
  ruleset(): Ruleset | undefined
}

export function createEngine(version: string = engineVersion): Engine {
  let window: Window | undefined
  let timeMs = 0
  let retirePublishedMs = 0
  const acts = new ActBook()

  /** Deciding or folding: who answers what a trigger leads to. */
  type Answer = (trigger: string, decide: (desk: Desk, window: Window) => void) => void

  function step(input: Input, answer: Answer): void {
    if (input.type === 'RulesetActivated') activate(input, answer)
    const current = window
    if (current === undefined)
      throw new Error(`no ruleset is active: ${input.type} ${input.id} cannot be folded`)
    timeMs = Math.max(timeMs, toMs(input.recordedAt))
    for (
      let deadline = current.deadlines.take(timeMs);
      deadline !== undefined;
      deadline = current.deadlines.take(timeMs)
    ) {
      // Deadlines are handled at their own moment, so that it does not matter what moved the time past them.
      current.nowMs = Math.max(current.nowMs, deadline.dueMs)
      handle(deadline, current, answer)
    }
    current.nowMs = timeMs
    retire(current)
    if (timeMs - retirePublishedMs > 3_600_000) {
      retirePublishedMs = timeMs
      retirePublished(current)
    }
    takeInput(input, current, answer)
    if (current.clusterChanges.length > 0) answer('input', (desk) => decideClusters(current, desk))
  }

  function activate({ data }: EventOf<'RulesetActivated'>, answer: Answer): void {
    if (window === undefined) window = new Window(data.ruleset)
    else if (JSON.stringify(window.ruleset) !== JSON.stringify(data.ruleset)) {
      useRules(window, data.ruleset)
      const current = window
      answer('input', (desk) => decideClusters(current, desk))
    }
  }

  function takeInput(input: Input, current: Window, answer: Answer): void {
    switch (input.type) {
      case 'ElementRegistered':
      case 'ElementChanged':
      case 'ElementRetired':
      case 'ElementLinked':
      case 'ElementUnlinked':
        return takeInventory(current, input)
      case 'AlarmRaised':
      case 'AlarmChanged':
      case 'AlarmCleared':
        return takeAlarm(current, input)
      case 'CutoverPlanned':
      case 'CutoverRescheduled':
      case 'CutoverStarted':
      case 'CutoverFinished':
      case 'CutoverCancelled':
      case 'CoverageGapReported':
      case 'CoverageGapChanged':
      case 'CoverageGapClosed':
      case 'AdvisoryWithdrawn':
        return takePublished(current, input)
      case 'AdvisoryPublished': {
        takePublished(current, input)
        const cause = current.causes.byKey.get(`advisory:${input.data.advisoryId}`)
        if (cause !== undefined) answer('input', (desk) => decideDeclared(cause, current, desk))
        return
      }
      case 'ComplaintReceived':
        // Sent again under another event id, it is the same complaint still.
        if (current.complaints.byId.has(input.data.complaintId)) return
        return weigh(takeComplaint(current, input), current, answer)
      case 'ComplaintAmended':
        return weigh(amendComplaint(current, input.data), current, answer)
      case 'ComplaintWithdrawn':
        withdrawComplaint(current, input.data.complaintId)
        return
      case 'CauseConfirmed':
      case 'CauseRejected':
      case 'DecisionUndone':
      case 'EndEstimated':
        return acts.take(input, current)
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
      case 'ClusterMergedByHand':
      case 'ClusterSplitByHand':
      case 'GapCandidateAccepted':
      case 'GapCandidateDismissed':
      case 'NoteAdded':
      case 'RulesetActivated':
      case 'ClockTicked':
      case 'CorrelatorStarted':
        return
    }
  }

  function weigh(complaint: Complaint | undefined, current: Window, answer: Answer): void {
    if (complaint === undefined) return
    answer('input', (desk) => {
      decideClusters(current, desk)
      decideComplaint(complaint, current, desk, version)
    })
  }

  function handle({ kind, id, dueMs }: Deadline, current: Window, answer: Answer): void {
    const trigger = `${kind}:${id}@${dueMs}`
    switch (kind) {
      case 'cause-over': {
        const cause = current.causes.byKey.get(id)
        if (cause === undefined || cause.endMs + current.ruleset.times.dwellMs > dueMs) return
        causeOver(current, cause)
        return
      }
      case 'correlate': {
        const cause = current.causes.byKey.get(id)
        if (cause?.correlateDueMs !== dueMs) return
        cause.correlateDueMs = Infinity
        answer(trigger, (desk) => decideCorrelation(cause, current, desk))
        return
      }
      case 'outage': {
        const outage = current.outages.byId.get(id)
        if (outage?.dueMs !== dueMs) return
        outage.dueMs = Infinity
        answer(trigger, (desk) => decideOutage(outage, current, desk))
        const root = outage.root
        if (root === undefined || !current.outages.byId.has(id) || outage.dueMs !== Infinity) return
        const { nextMs } = outagePhase(root, current)
        if (nextMs !== Infinity) outageDue(current, outage, nextMs)
        return
      }
      case 'complaint': {
        const complaint = current.complaints.byId.get(id)
        if (complaint?.dueMs !== dueMs || complaint.aside) return
        complaint.dueMs = Infinity
        answer(trigger, (desk) => decideComplaint(complaint, current, desk, version))
        return
      }
    }
  }

  return {
    decide(input) {
      const decisions: Decision[] = []
      const inputId = input.id
      const desk = (current: Window, trigger: string): Desk => ({
        log(type, subject, data) {
          const event = toDecision(type, subject, data, decisions.length, trigger)
          decisions.push(event)
          foldDecision(event, current)
          return event.id
        },
        nameFor: (subject) => shortName(decisionId(inputId, subject, decisions.length, version)),
      })
      const toDecision = <T extends DecisionType>(
        type: T,
        subject: string,
        data: DataOf<T>,
        ordinal: number,
        trigger: string,
      ): Decision => {
        const now = toInstant(timeMs)
        return {
          id: decisionId(inputId, `${type}:${subject}`, ordinal, version),
          type,
          schemaVersion: 1,
          occurredAt: now,
          recordedAt: now,
          data,
          meta: {
            source: 'engine',
            actor: 'engine',
            causationId: inputId,
            trigger,
            ...(input.meta.backfilled && { backfilled: true as const }),
          },
        } as Decision
      }
      step(input, (trigger, decide) => {
        if (window !== undefined) decide(desk(window, trigger), window)
      })
      return decisions
    },

    fold(input, decisions) {
      let next = 0
      step(input, (trigger) => {
        window?.clusterChanges.splice(0)
        for (let event = decisions[next]; event?.meta.trigger === trigger; event = decisions[(next += 1)])
          if (window !== undefined) foldDecision(event, window)
      })
      // Another version decided on other triggers; what it logged stands all the same.
      for (const event of decisions.slice(next)) if (window !== undefined) foldDecision(event, window)
    },

    assess(draft, nowMs) {
      if (window === undefined) throw new Error('no ruleset is active')
      const complaint = new Complaint(draft, window.ruleset)
      lookAt(window, complaint)
      const atMs = Math.max(nowMs, timeMs)
      const judgement = judge(complaint, atMs, window)
      const assessment = attribution(complaint, judgement, atMs, window, version)
      const outageId = judgement.verdict === 'explained' ? judgement.leader.root.outageId : undefined
      return outageId === undefined ? assessment : { ...assessment, outageId }
    },

    get timeMs() {
      return timeMs
    },
    nextDeadlineMs: () => window?.deadlines.nextMs,
    sizes: () => window?.sizes() ?? {},
    ruleset: () => window?.ruleset,
  }
}

/** Twelve hexadecimal digits of a UUID, in capitals: short enough to be read out. */
const shortName = (uuid: string): string => (uuid.slice(0, 8) + uuid.slice(9, 13)).toUpperCase()
