import { answerSnapshot } from '../../../schemas/answer-snapshot.ts'
import { answerList } from '../../../schemas/command-list.ts'
import type { Puller } from '../../config/puller.ts'
import type { Draft } from '../draft.ts'
import { createHttpTarget, postPatiently, type HttpTargetOptions } from '../http-target.ts'
import { ImportError } from '../import-error.ts'
import type { ReadDrawn } from './read-drawn.ts'
import { UnreadRowsError, type Refusal } from './unread-rows.ts'

/** What was stored of a drawing. */
export interface Delivered {
  /** Not known before. */
  readonly items: number
  /** By the server. */
  readonly refused: readonly Refusal[]
  readonly note?: string
}

const eventsPerRequest = 1_000

/**
 * Hands a drawing over: whole lists as lists, so that the server records what is new, changed or gone; what happened row by row
 * as events, of which it knows those that it has. Throws `ImportError`; `UndeliveredError` where the server is at fault.
 */
export async function deliverDrawn(
  drawn: ReadDrawn,
  puller: Puller,
  takenAt: string,
  server: HttpTargetOptions,
): Promise<Delivered> {
  switch (puller.kind) {
    case 'alarms':
      return puller.whole
        ? deliverActive(drawn, puller, takenAt, server)
        : deliverEvents(drawn, puller, server)
    case 'inventory':
    case 'links':
      return deliverInventory(drawn, puller, takenAt, server)
    case 'cutovers':
      return deliverCutovers(drawn, puller, takenAt, server)
    case 'complaints':
    case 'gaps':
      return deliverEvents(drawn, puller, server)
  }
}

/**
 * What is not in a list of active alarms has cleared. So a list of which some rows cannot be read must clear nothing: what it
 * holds is then told as events.
 */
async function deliverActive(
  drawn: ReadDrawn,
  puller: Puller,
  takenAt: string,
  server: HttpTargetOptions,
): Promise<Delivered> {
  requireItems(drawn, puller)
  const cleared = new Set(
    drawn.drafts.flatMap(({ draft, line }) => (draft.type === 'AlarmCleared' ? [line] : [])),
  )
  const active = drawn.drafts.filter(({ line }) => !cleared.has(line))
  if (drawn.refused.length > 0) {
    const delivered = await deliverEvents({ ...drawn, drafts: active }, puller, server)
    return {
      ...delivered,
      note: 'some rows cannot be read, so nothing counts as cleared that is not in the list',
    }
  }
  const alarms = active.map(({ draft: { data, occurredAt } }) => ({
    ...data,
    // It was raised before the list was taken, whatever the other clock says.
    raisedAt: occurredAt < takenAt ? occurredAt : takenAt,
  }))
  const answer = answerSnapshot.parse(
    await post('/v1/alarms/snapshot', { source: puller.source, takenAt, alarms }, server),
  )
  return { items: answer.raised + answer.changed + answer.cleared, refused: [] }
}

async function deliverInventory(
  drawn: ReadDrawn,
  puller: Puller,
  takenAt: string,
  server: HttpTargetOptions,
): Promise<Delivered> {
  requireItems(drawn, puller)
  const { source, retireMissing } = puller
  const dataOf = (type: string) =>
    drawn.drafts.flatMap(({ draft }) => (draft.type === type ? [draft.data] : []))
  const list = {
    source,
    takenAt,
    elements: dataOf('ElementRegistered'),
    links: dataOf('ElementLinked'),
    // Who knows whether what cannot be read is what seems to be missing.
    retireMissing: retireMissing && puller.kind === 'inventory' && drawn.refused.length === 0,
  }
  return counted(await post('/v1/elements/snapshot', list, server))
}

async function deliverCutovers(
  drawn: ReadDrawn,
  { source }: Puller,
  takenAt: string,
  server: HttpTargetOptions,
): Promise<Delivered> {
  const byLine = new Map<number, Draft[]>()
  for (const { draft, line } of drawn.drafts) byLine.set(line, [...(byLine.get(line) ?? []), draft])
  const cutovers = [...byLine.values()].flatMap((drafts) => {
    const of = (type: string) => drafts.find((draft) => draft.type === type)
    const planned = of('CutoverPlanned')
    return planned === undefined
      ? []
      : [
          {
            plan: planned.data,
            plannedAt: planned.occurredAt,
            startedAt: of('CutoverStarted')?.occurredAt,
            finishedAt: of('CutoverFinished')?.occurredAt,
            outcome: of('CutoverFinished')?.data['outcome'],
            cancelledAt: of('CutoverCancelled')?.occurredAt,
          },
        ]
  })
  return counted(await post('/v1/cutovers/snapshot', { source, takenAt, cutovers }, server))
}

async function deliverEvents(
  { drafts }: ReadDrawn,
  { source }: Puller,
  server: HttpTargetOptions,
): Promise<Delivered> {
  const target = createHttpTarget(server)
  const refused: Refusal[] = []
  let items = 0
  let note: string | undefined
  for (let at = 0; at < drafts.length; at += eventsPerRequest) {
    const batch = drafts
      .slice(at, at + eventsPerRequest)
      .map(({ draft, line }) => ({ draft, line, source, file: '' }))
    const written = await target.write(batch)
    items += written.stored
    refused.push(...written.refused.map(({ item: { line }, reason }) => ({ line, reason })))
    if (written.unlisted > 0) note = 'more were refused: the server lists them under /v1/refused'
  }
  return { items, refused, ...(note === undefined ? {} : { note }) }
}

function requireItems(drawn: ReadDrawn, { allowEmpty }: Puller): void {
  if (drawn.drafts.length > 0 || allowEmpty) return
  if (drawn.refused.length > 0) throw new UnreadRowsError('no row of the list can be read', drawn)
  throw new ImportError(
    'the list is empty: that would clear or retire everything, so it counts as a failure (allowEmpty)',
  )
}

function counted(answer: unknown): Delivered {
  const { added, changed, ended } = answerList.parse(answer)
  return { items: added + changed + ended, refused: [] }
}

async function post(path: string, body: object, server: HttpTargetOptions): Promise<unknown> {
  const response = await postPatiently(path, { type: 'application/json', text: JSON.stringify(body) }, server)
  return response.json()
}
