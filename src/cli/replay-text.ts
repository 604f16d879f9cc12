import type { DecisionComparison } from './compare-decisions.ts'
import type { Answer, AnswerDifference, Findings } from './findings.ts'
import { grouped } from './progress.ts'
import type { ReplayReport } from './replay-log.ts'

/** A replay's report for people. `limit`: the most differences printed. */
export function replayText(report: ReplayReport, seconds: number, limit: number): string {
  const { events, inputs, parked, logged, derived, decisions, answersCompared, differences } = report
  const rate = grouped(Math.round(events / Math.max(0.001, seconds)))
  const lines = [
    `${grouped(events)} events, ${grouped(inputs)} of them inputs, in ${seconds.toFixed(1)} s (${rate} events/s)`,
    ...(parked === 0 ? [] : [`${grouped(parked)} could not be taken and are left out (log parked)`]),
    ...findingsLines('in the log', logged),
  ]
  if (decisions === undefined) {
    lines.push(...findingsLines('under the other rules', derived))
    lines.push(`${grouped(differences.length)} of ${grouped(answersCompared)} answers would differ`)
    lines.push(...differenceTable(differences, limit))
  } else if (decisions.equal) {
    const rest =
      decisions.notLogged === 0 ? '' : `; ${grouped(decisions.notLogged)} more are still to be logged`
    lines.push(
      `decided again: all ${grouped(decisions.loggedDecisions)} decisions are the same, byte for byte${rest}`,
    )
  } else {
    lines.push(
      'decided again: NOT the same. Logged decisions stand; another engine version, or other rules, made them',
      ...firstDifference(decisions.firstDifference),
      `${grouped(differences.length)} of ${grouped(answersCompared)} answers differ`,
      ...differenceTable(differences, limit),
    )
  }
  return `${lines.join('\n')}\n`
}

function findingsLines(where: string, findings: Findings): string[] {
  const { complaints, byVerdict, byRootKind, revisedAnswers, outages, clusters } = findings
  return [
    `${where}:`,
    `  complaints  ${grouped(complaints)} (${counted(byVerdict) || 'none answered'}), ${grouped(revisedAnswers)} answers revised`,
    `  root causes ${counted(byRootKind) || 'none'}`,
    `  outages     ${grouped(outages.opened)} opened, ${grouped(outages.ended)} ended`,
    `  clusters    ${grouped(clusters.opened)} opened, ${grouped(clusters.merged)} merged, ${grouped(clusters.closed)} closed`,
  ]
}

/** What stands before the two part ways, and after. */
const contextChars = 60

function firstDifference(difference: DecisionComparison['firstDifference']): string[] {
  if (difference === undefined) return ['  the log holds decisions that are not derived any more']
  const { logged, derived } = difference
  let parting = 0
  while (parting < derived.length && derived[parting] === logged[parting]) parting += 1
  const around = (text: string) => text.slice(Math.max(0, parting - contextChars), parting + contextChars)
  return [
    `  in decision ${derived.slice(7, 43)}`,
    `  logged   …${around(logged)}…`,
    `  derived  …${around(derived)}…`,
  ]
}

function counted(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${grouped(count)} ${name}`)
    .join(', ')
}

function differenceTable(differences: readonly AnswerDifference[], limit: number): string[] {
  const rows = differences
    .slice(0, limit)
    .map(
      ({ complaintId, logged, derived }) =>
        `  ${complaintId}\n    ${answerText(logged)}\n    ${answerText(derived)}`,
    )
  const more = differences.length - rows.length
  return more > 0 ? [...rows, `  and ${grouped(more)} more (--limit, --json)`] : rows
}

function answerText(answer: Answer | undefined): string {
  if (answer === undefined) return 'no answer'
  const { verdict, root, band, probability } = answer
  return `${verdict.padEnd(12)} ${`${Math.round(probability * 100)}%`.padStart(4)} ${band.padEnd(8)} ${root ?? ''}`.trimEnd()
}
