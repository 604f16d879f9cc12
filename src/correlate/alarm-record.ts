import type { AlarmChanged, AlarmCleared, AlarmRaised, PerceivedSeverity } from '../../schemas/alarm.ts'
import { type AlarmFact, type Episode, insertMs } from './episodes.ts'
import type { Cause, ElementNode } from './model.ts'

/** Facts of each kind kept of one alarm. */
const maxFactsPerAlarm = 256

/** All that is known of one alarm of one source, whatever the order in which it came (E4). */
export class AlarmRecord {
  readonly source: string
  /** `source/alarm`. */
  readonly key: string
  readonly raises: AlarmFact<AlarmRaised>[] = []
  readonly changes: AlarmFact<AlarmChanged>[] = []
  readonly clearsMs: number[] = []
  /** The objects that it was raised on: one, save where a sender uses its ids again. */
  readonly nodes = new Set<ElementNode>()
  /** The latest moment of any fact. */
  confirmedMs = 0
  /** Its episodes that may hurt someone. */
  causes: Cause[] = []
  /** When the last fact arrived. */
  touchedMs = 0

  constructor(source: string, alarmId: string) {
    this.source = source
    this.key = `${source}/${alarmId}`
  }

  /** A clear that holds for this alarm; the same moment counts once. */
  clear(ms: number): void {
    if (!this.clearsMs.includes(ms)) insertMs(this.clearsMs, ms)
  }

  /** The severity at the end of an episode: that of the latest raise or change in it. */
  severityIn(episode: Episode<AlarmRaised>): PerceivedSeverity {
    if (this.raises.length === 1 && this.changes.length === 0) return episode.data.perceivedSeverity
    const change = latestIn(
      episode,
      this.changes.filter(({ data }) => data.perceivedSeverity !== undefined),
    )
    const raise = latestIn(episode, this.raises)
    if (change?.data.perceivedSeverity !== undefined && change.ms >= (raise?.ms ?? 0))
      return change.data.perceivedSeverity
    return raise?.data.perceivedSeverity ?? episode.data.perceivedSeverity
  }

  /** Drops what is beyond the limit: what changes no episode, where there is any such, else the oldest episode. */
  limit(dwellMs: number): void {
    if (this.changes.length > maxFactsPerAlarm) this.changes.shift()
    if (this.clearsMs.length > maxFactsPerAlarm) this.dropRepeatedClear()
    const [first, second] = this.raises
    if (this.raises.length <= maxFactsPerAlarm || first === undefined || second === undefined) return
    const ended = this.clearsMs.find((ms) => ms >= first.ms && ms < second.ms)
    const goesOn = ended === undefined || second.ms - ended < dwellMs
    // A flapping alarm is one episode: its start stays, and with it the cause that people were told of.
    this.raises.splice(goesOn ? 1 : 0, 1)
    const kept = this.clearsMs.filter((ms) => ms >= second.ms)
    this.clearsMs.splice(0, this.clearsMs.length, ...kept)
  }

  /** Of clears with no raise between them the first counts. */
  private dropRepeatedClear(): void {
    const repeated = this.clearsMs.findIndex((ms, at) => {
      const before = this.clearsMs[at - 1]
      return before !== undefined && !this.raises.some((raise) => raise.ms > before && raise.ms <= ms)
    })
    this.clearsMs.splice(Math.max(0, repeated), 1)
  }
}

function latestIn<Data>(
  { startMs, endMs }: Episode<AlarmRaised>,
  facts: readonly AlarmFact<Data>[],
): AlarmFact<Data> | undefined {
  return facts.findLast(({ ms }) => ms >= startMs && ms <= endMs)
}

/** X.733: same object, type, probable cause and, where given, specific problem. */
export function clearsAlarm(clear: AlarmCleared, raised: AlarmRaised): boolean {
  return (
    raised.elementId === clear.elementId &&
    (clear.alarmType === undefined || raised.alarmType === clear.alarmType) &&
    raised.probableCause === clear.probableCause &&
    (clear.specificProblem === undefined || raised.specificProblem === clear.specificProblem)
  )
}
