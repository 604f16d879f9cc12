import type { ComplaintAmendment, ComplaintDraft } from '../../schemas/command-complaint.ts'
import type { ComplaintReceived } from '../../schemas/complaint.ts'
import { readScope } from '../domain/reading/read-scope.ts'
import { readService } from '../domain/reading/read-service.ts'
import { readSymptom } from '../domain/reading/read-symptom.ts'
import { readPattern, readSetting, readStillOut } from '../domain/reading/read-trouble.ts'
import { wordFeatures } from '../domain/reading/word-features.ts'
import type { PlaceIndex } from '../places/place-index.ts'
import { findPlace, type FoundPlace } from './find-place.ts'

/** What is stored of a draft, its place, and what of it is personal and must be sealed. */
export interface DraftReading {
  readonly fields: Omit<ComplaintReceived, 'complaintId' | 'reportedAt' | 'customerRef'>
  readonly place: FoundPlace
  readonly personal: Readonly<Record<string, string>>
  /** The number, else the account, that tells this customer from others. */
  readonly customer?: string
}

/** Reads a draft. Fields go before text; what neither says stays out, since unknown is neutral. */
export function readDraft(draft: ComplaintDraft, places: PlaceIndex): DraftReading {
  const { text = '', customer, accountState, deviceState } = draft
  const scope = readScope(text, { accountState, deviceState })
  const place = findPlace(draft.place, places)
  const pattern = draft.trouble?.pattern ?? readPattern(text)
  const features = wordFeatures(text)
  return {
    fields: defined({
      service: draft.service ?? readService(text),
      network: draft.network,
      symptom: draft.symptom ?? readSymptom(text),
      scope: scope.scope,
      scopeReason: scope.reason,
      trouble: { ...draft.trouble, ...(pattern === undefined ? {} : { pattern }) },
      place: place.kind === 'found' ? place.place : undefined,
      setting: draft.setting ?? readSetting(text),
      stillOut: draft.stillOut ?? readStillOut(text),
      servedBy: draft.servedBy,
      customerClass: draft.customerClass,
      escalated: draft.escalated,
      channel: draft.channel,
      accountState,
      deviceState,
      confirmations: draft.confirmations,
      wordFeatures: features.length > 0 ? features : undefined,
    }),
    place,
    personal: defined({ ...customer, text: draft.text }),
    ...customerOf(customer),
  }
}

/** The fields that an amendment sets; text alone fills in only what it says. */
export function readAmendment(
  draft: Omit<ComplaintAmendment, 'unset'>,
  places: PlaceIndex,
): { readonly set: Partial<DraftReading['fields']>; readonly place: FoundPlace } {
  const { fields, place } = readDraft(draft, places)
  const said = draft.text !== undefined || draft.accountState !== undefined || draft.deviceState !== undefined
  const { scope, scopeReason, trouble, stillOut, ...rest } = fields
  return {
    set: {
      ...rest,
      ...(said ? defined({ scope, scopeReason }) : {}),
      ...(draft.trouble !== undefined || trouble.pattern !== undefined ? { trouble } : {}),
      ...(draft.stillOut !== undefined || stillOut !== 'unknown' ? { stillOut } : {}),
    },
    place,
  }
}

function customerOf(customer: ComplaintDraft['customer']): { customer?: string } {
  const known = customer?.phone ?? customer?.account
  return known === undefined ? {} : { customer: known }
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> } & {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K]
}

/** Without the members that are undefined. */
function defined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as unknown as Defined<T>
}
