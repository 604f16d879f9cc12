import { createInterface } from 'node:readline/promises'
import { Command, InvalidArgumentError } from 'commander'
import { readable } from '../../schemas/read-stored.ts'
import { accessEvent } from '../domain/access-event.ts'
import type { EventLog } from '../event-log/event-log.ts'
import { createWriter } from '../pipeline/writer.ts'
import { commandActor } from './command-actor.ts'
import { CliError, exitCodesHelp, type CliContext } from './context.ts'
import { configOf, withDataOptions, type DataOptions } from './data-options.ts'
import { openData, type OpenData } from './open-data.ts'
import { progressOn } from './progress.ts'

interface CustomerOptions extends DataOptions {
  readonly ref?: string
  readonly phoneStdin?: true
  readonly yes?: true
  readonly json?: true
}

const whoHelp = `
Name the customer by the reference that events hold (--ref), or write the phone number or account to standard input
(--phone-stdin), where no list of processes and no shell history shows it.
${exitCodesHelp}`

/** `causeway customer`: finds and erases one customer's personal data. */
export function customerCommand(context: CliContext): Command {
  const command = new Command('customer').description("find or erase one customer's personal data")
  const find = new Command('find').description("list a customer's complaints by id; shows no personal data")
  const erase = new Command('erase')
    .description(
      'destroy the key of a customer, so that name, phone number and words cannot be read any more',
    )
    .option('--yes', 'do not ask')
  command.addCommand(
    withCustomerOptions(find)
      .option('--json', 'print JSON')
      .action(async (options: CustomerOptions) => withData(options, context, findCustomer)),
  )
  command.addCommand(
    withCustomerOptions(erase).action(async (options: CustomerOptions) =>
      withData(options, context, eraseCustomer),
    ),
  )
  return command.addHelpText('after', exitCodesHelp)
}

function withCustomerOptions(command: Command): Command {
  return withDataOptions(command)
    .option('--ref <customerRef>', 'the reference that events hold')
    .option('--phone-stdin', 'read the phone number or account from standard input')
    .addHelpText('after', whoHelp)
}

type Work = (data: OpenData, ref: string, options: CustomerOptions, context: CliContext) => Promise<void>

async function withData(options: CustomerOptions, context: CliContext, work: Work): Promise<void> {
  if ((options.ref === undefined) === (options.phoneStdin === undefined)) {
    throw new InvalidArgumentError('name the customer by either --ref or --phone-stdin')
  }
  const config = configOf(options, context)
  const log = config.log === 'memory' ? 'lmdb' : config.log
  const data = await openData({ ...config, log }, context.nowMs, { mustExist: true, beside: true })
  try {
    const ref = options.ref ?? data.vault.customerRef(await firstLine(context))
    await work(data, ref, options, context)
  } finally {
    await data.close()
  }
}

const findCustomer: Work = async ({ log }, ref, { json }, context) => {
  const complaints = await complaintsOf(log, ref, context)
  const text = complaints.map(({ complaintId, reportedAt, symptom }) =>
    [complaintId, reportedAt, symptom ?? ''].join('  ').trimEnd(),
  )
  context.stdout.write(
    json
      ? `${JSON.stringify({ customerRef: ref, complaints })}\n`
      : `${[`${ref}: ${counted(complaints.length)}`, ...text].join('\n')}\n`,
  )
}

const eraseCustomer: Work = async ({ vault, log }, ref, { yes, phoneStdin }, context) => {
  if (yes === undefined) {
    if (phoneStdin || context.stdout.isTTY !== true) throw new CliError('nobody can be asked here: add --yes')
    const complaints = await complaintsOf(log, ref, context)
    await confirm(`Erase the personal data of ${ref} (${counted(complaints.length)}) for ever?`, context)
  }
  const subjects = await vault.erase(ref)
  if (subjects > 0) await recordErasure(log, ref, subjects, context)
  context.stdout.write(
    subjects === 0
      ? `nothing is sealed under ${ref}; nothing was erased\n`
      : `erased: name, phone number and words of ${counted(subjects)} can no longer be read by anyone\n` +
          'what remains: the events, with place, time, symptom and the keyed reference, in which no number can be read\n',
  )
}

/** In the audit log it stands that they are gone, and who did it; not whose they were. */
async function recordErasure(
  log: EventLog,
  customerRef: string,
  complaints: number,
  context: CliContext,
): Promise<void> {
  const erased = accessEvent({
    type: 'PersonalDataErased',
    data: { customerRef, complaints },
    actor: commandActor(context),
    nowMs: context.nowMs(),
    id: context.randomId(),
  })
  try {
    await createWriter({ log }).write([erased])
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new CliError(`erased, but the audit log does not say so, for it could not be written: ${why}`)
  }
}

function counted(complaints: number): string {
  return complaints === 1 ? '1 complaint' : `${complaints} complaints`
}

interface FoundComplaint {
  readonly complaintId: string
  readonly reportedAt: string
  readonly symptom?: string | undefined
}

async function complaintsOf(
  log: EventLog,
  ref: string,
  { stderr, nowMs, stopSignal }: CliContext,
): Promise<readonly FoundComplaint[]> {
  const found: FoundComplaint[] = []
  const progress = progressOn(stderr, 'events read', nowMs)
  let events = 0
  for await (const batch of log.readAll()) {
    if (stopSignal.aborted) throw new CliError('stopped; nothing was changed')
    for (const event of readable(batch.filter(({ type }) => type === 'ComplaintReceived'))) {
      if (event.type !== 'ComplaintReceived' || event.data.customerRef !== ref) continue
      const { complaintId, reportedAt, symptom } = event.data
      found.push({ complaintId, reportedAt, symptom })
    }
    events += batch.length
    progress.at(events)
  }
  progress.end()
  return found
}

const maxLineChars = 200

async function firstLine({ stdin }: CliContext): Promise<string> {
  for await (const line of createInterface({ input: stdin })) {
    const text = line.trim()
    if (text.length > maxLineChars) break
    if (text !== '') return text
  }
  throw new CliError('standard input holds no phone number or account: write one line to it')
}

async function confirm(question: string, { stdin, stdout, stopSignal }: CliContext): Promise<void> {
  const lines = createInterface({ input: stdin, output: stdout })
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal: stopSignal })
    if (!/^y(es)?$/i.test(answer.trim())) throw new CliError('not confirmed; nothing was erased')
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError')
      throw new CliError('stopped; nothing was erased')
    throw error
  } finally {
    lines.close()
  }
}
