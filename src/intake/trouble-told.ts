import type { ComplaintDraft } from '../../schemas/command-complaint.ts'
import type { ComplaintReceived } from '../../schemas/complaint.ts'
import { toInstant, toMs } from '../../schemas/instant.ts'
import { readOnset } from '../domain/reading/time-words.ts'

type Trouble = ComplaintReceived['trouble']

/** When a text was told, and by which clock. */
export interface Told {
  readonly reportedAt: string
  /** IANA zone; where it is not known no time is read from words. */
  readonly zone: string | undefined
}

/** The trouble with the onset that its words tell; what the sender states of its time goes before words. */
export function troubleTold(
  trouble: Trouble,
  text: ComplaintDraft['text'],
  { reportedAt, zone }: Told,
): Trouble {
  if (text === undefined || zone === undefined || isTimed(trouble)) return trouble
  const onset = readOnset(text, { reportedMs: toMs(reportedAt), zone })
  if (onset === undefined) return trouble
  const { fromMs, uncertaintyMs, words } = onset
  return { uncertaintyMs, ...trouble, from: toInstant(fromMs), fromWords: words }
}

/** The trouble as amended: a time stated now replaces what was read from words, and other words read anew. */
export function troubleAmended(
  before: Trouble,
  stated: Trouble | undefined,
  text: ComplaintDraft['text'],
  told: Told,
): Trouble {
  const wasRead = before.fromWords !== undefined
  const { from: _from, uncertaintyMs: _uncertaintyMs, fromWords: _words, ...untimed } = before
  if (stated !== undefined && isTimed(stated)) return { ...(wasRead ? untimed : before), ...stated }
  const read = troubleTold({ ...(wasRead ? untimed : before), ...stated }, text, told)
  return isTimed(read) ? read : { ...before, ...stated }
}

function isTimed({ from, to }: Trouble): boolean {
  return from !== undefined || to !== undefined
}
