import type { CauseAttributed } from '../../schemas/attribution.ts'
import type { ComplaintReceived } from '../../schemas/complaint.ts'
import type { Event } from '../../schemas/event.ts'
import { attributionCells } from '../export/attribution-table.ts'

/** A complaint with what is said of it at last. Free of personal data: that lies sealed elsewhere. */
export interface AttributionRow {
  readonly complaintId: string
  readonly reportedAt: string
  readonly troubleFrom?: string | undefined
  readonly symptom?: string | undefined
  readonly service?: string | undefined
  readonly network?: string | undefined
  readonly place?: string | undefined
  readonly lon?: number | undefined
  readonly lat?: number | undefined
  readonly uncertaintyMeters?: number | undefined
  readonly verdict: CauseAttributed['verdict']
  readonly causeKind?: string | undefined
  readonly causeId?: string | undefined
  readonly rootKind?: string | undefined
  readonly rootId?: string | undefined
  readonly probability: number
  readonly band: string
  readonly state?: string | undefined
  readonly outageId?: string | undefined
  readonly repeatOf?: string | undefined
  readonly attributionId: string
  readonly attributedAt: string
  readonly ruleset: string
  readonly engineVersion: string
}

type Facts = Pick<
  AttributionRow,
  | 'complaintId'
  | 'reportedAt'
  | 'troubleFrom'
  | 'symptom'
  | 'service'
  | 'network'
  | 'place'
  | 'lon'
  | 'lat'
  | 'uncertaintyMeters'
>

export interface LatestAttributions {
  fold(event: Event): void
  /** By first report; complaints withdrawn or not decided yet are left out. */
  rows(): Iterable<AttributionRow>
}

/** Folds a log into one row a complaint. Memory grows with complaints, not with events. */
export function latestAttributions(): LatestAttributions {
  const facts = new Map<string, Facts>()
  const answers = new Map<string, Omit<AttributionRow, keyof Facts>>()
  return {
    fold(event) {
      if (event.type === 'ComplaintReceived') facts.set(event.data.complaintId, factsOf(event.data))
      else if (event.type === 'ComplaintAmended') {
        const { complaintId, set, unset = [] } = event.data
        const known = facts.get(complaintId)
        if (known === undefined) return
        const {
          complaintId: _,
          reportedAt: __,
          ...changed
        } = factsOf({ ...set, complaintId, reportedAt: '' })
        const gone = Object.fromEntries(unset.map((name) => [name, undefined]))
        const placeGone = unset.includes('place') ? noPlace : {}
        facts.set(complaintId, { ...known, ...gone, ...placeGone, ...stated(changed) })
      } else if (event.type === 'ComplaintWithdrawn') facts.delete(event.data.complaintId)
      else if (event.type === 'CauseAttributed')
        answers.set(event.data.complaintId, attributionCells(event.data, event.id, event.recordedAt))
    },
    *rows() {
      for (const [complaintId, known] of facts) {
        const answer = answers.get(complaintId)
        if (answer !== undefined) yield { ...known, ...answer }
      }
    },
  }
}

const noPlace = { place: undefined, lon: undefined, lat: undefined, uncertaintyMeters: undefined }

type StatedFacts = Pick<ComplaintReceived, 'complaintId' | 'reportedAt'> & {
  readonly [Name in 'trouble' | 'symptom' | 'service' | 'network' | 'place']?:
    ComplaintReceived[Name] | undefined
}

function factsOf({ complaintId, reportedAt, trouble, symptom, service, network, place }: StatedFacts): Facts {
  const [lon, lat] = place?.location.point ?? []
  return {
    complaintId,
    reportedAt,
    troubleFrom: trouble?.from,
    symptom,
    service,
    network,
    place: place?.name,
    lon,
    lat,
    uncertaintyMeters: place?.uncertaintyMeters,
  }
}

function stated<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>
}
