import fc from 'fast-check'
import type { CauseRef } from '../schemas/attribution.ts'
import { eventData, eventTypes, schemaVersionOf, type Event, type EventType } from '../schemas/event.ts'
import { decisionTypes, machineTypes } from '../schemas/event.ts'
import { eventId } from '../schemas/event-id.ts'
import { toInstant } from '../schemas/instant.ts'
import { defaultRuleset } from '../src/domain/default-ruleset.ts'

/** Few ids, so that random events meet: the same complaint is reported, attributed, clustered, withdrawn. */
const pool = (name: string, size: number) => fc.nat(size - 1).map((at) => `${name}${at}`)
const complaintId = pool('投诉-', 12)
const customerRef = pool('customer-', 5)
const elementId = pool('白马/', 9)
const alarmId = pool('alarm ', 8)
const cutoverId = pool('CO-', 4)
const gapId = pool('gap-', 4)
const advisoryId = pool('advisory-', 4)
const outageId = pool('outage-', 5)
const clusterId = pool('cluster-', 6)
const orderId = pool('order-', 4)
const source = fc.constantFrom('nms-south', 'nms-north', 'crm')
const words = fc.constantFrom('词', 'words', '')
const bilingual = fc.record({ zh: words, en: words })

const startMs = Date.UTC(2026, 2, 1)
const hour = 3_600_000
const instant = fc.integer({ min: -30, max: 30 }).map((at) => toInstant(startMs + at * hour))
const point = fc.tuple(
  fc.integer({ min: 1_131_000, max: 1_134_000 }).map((at) => at / 10_000),
  fc.integer({ min: 230_000, max: 232_000 }).map((at) => at / 10_000),
)
const location = fc.record({ point })
const area = fc.oneof(
  fc.record({
    kind: fc.constant('circle'),
    center: point,
    radiusMeters: fc.integer({ min: 10, max: 50_000 }),
  }),
  fc.record({ kind: fc.constant('polygon'), ring: fc.array(point, { minLength: 3, maxLength: 5 }) }),
)
const service = fc.constantFrom('mobile', 'broadband')
const symptom = fc.constantFrom('no-signal', 'slow-data')
const cause: fc.Arbitrary<CauseRef> = fc.oneof(
  fc.record({
    kind: fc.constant<CauseRef['kind']>('alarm'),
    id: fc.tuple(source, alarmId, instant).map(([from, id, at]) => `${from}/${id}@${at}`),
  }),
  fc.record({ kind: fc.constant<CauseRef['kind']>('cutover'), id: cutoverId }),
  fc.record({ kind: fc.constant<CauseRef['kind']>('gap'), id: gapId }),
)

type Optional = Record<string, fc.Arbitrary<unknown>>

/** A record whose fields are all required but those in `optional`. */
function data(required: Optional, optional: Optional = {}): fc.Arbitrary<Record<string, unknown>> {
  return fc.record({ ...required, ...optional }, { requiredKeys: Object.keys(required) })
}

const box = fc
  .tuple(point, point)
  .map(([a, b]) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1])])
const note = { note: words }
const act = { complaintId, cause }
const elementFields = {
  kind: fc.constantFrom('aggregation', 'site', 'cell'),
  name: fc.constantFrom('白马花园', 'Tianhe'),
  location,
  parent: elementId,
}
const window = fc.tuple(instant, fc.integer({ min: 1, max: 9 })).map(([plannedStart, hours]) => ({
  plannedStart,
  plannedEnd: toInstant(Date.parse(plannedStart) + hours * hour),
}))
const assessed = data(
  {
    verdict: fc.constantFrom('explained', 'unexplained', 'notNetwork'),
    chain: fc.constant([]),
    probability: fc.constant(0.8),
    noneProbability: fc.constant(0.2),
    evidence: fc.constant([]),
    alternatives: fc.constant([]),
    restProbability: fc.constant(0),
    band: fc.constantFrom('say', 'ask', 'dispatch'),
    words: bilingual,
    detail: bilingual,
    ruleset: fc.constant('r1'),
    engineVersion: fc.constant('1'),
    complaintId,
  },
  {
    root: cause,
    direct: cause,
    outageId,
    repeatOf: complaintId,
    state: fc.constantFrom('ongoing', 'restored'),
  },
)
const outageFields = { elementId, expectedEnd: instant, point, box, subscribers: fc.nat(1000) }
const members = fc.uniqueArray(complaintId, { minLength: 1, maxLength: 5 })
const aboutKinds = (...kinds: readonly string[]) =>
  fc.oneof(
    ...kinds.map((kind) =>
      fc.record({
        kind: fc.constant(kind),
        id:
          {
            outage: outageId,
            cluster: clusterId,
            cutover: cutoverId,
            advisory: advisoryId,
            element: elementId,
          }[kind] ?? complaintId,
      }),
    ),
  )

const user = pool('user-', 3)
const userRights = {
  user,
  roles: fc.constantFrom(['agent'], ['operations', 'analyst']),
  personalData: fc.boolean(),
}

const orderAbout = fc.oneof(
  fc.record({ kind: fc.constant('outage'), id: outageId }),
  fc.record({ kind: fc.constant('cluster'), id: clusterId }),
)

/** What senders and the engine may say, for every type of event. `DecisionUndone` is pointed at an earlier event below. */
const dataByType: Record<EventType, fc.Arbitrary<Record<string, unknown>>> = {
  ElementRegistered: data({ elementId, kind: elementFields.kind, name: elementFields.name }, elementFields),
  ElementChanged: data({ elementId, set: data({}, elementFields) }, { unset: fc.constant(['parent']) }),
  ElementRetired: data({ elementId }),
  ElementLinked: data({ elementId, dependsOn: elementId, relation: fc.constant('feeds') }),
  ElementUnlinked: data({ elementId, dependsOn: elementId, relation: fc.constant('feeds') }),
  AlarmRaised: data(
    {
      alarmId,
      elementId,
      alarmType: fc.constant('OTHER'),
      probableCause: fc.constantFrom('outOfService', 'door'),
      perceivedSeverity: fc.constantFrom('CRITICAL', 'MINOR'),
    },
    { specificProblem: fc.constant('p') },
  ),
  AlarmChanged: data({ alarmId }, { perceivedSeverity: fc.constantFrom('CRITICAL', 'MAJOR'), text: words }),
  AlarmCleared: fc.oneof(
    data({ alarmId, reason: fc.constant('cleared') }),
    data({ elementId, probableCause: fc.constant('outOfService'), reason: fc.constant('by-hand') }),
  ),
  AlarmAcknowledged: data({ alarmSource: source, alarmId }, note),
  AlarmShelved: data({ alarmSource: source, alarmId }, { until: instant }),
  AlarmUnshelved: data({ alarmSource: source, alarmId }),
  CutoverPlanned: fc
    .tuple(
      data(
        {
          cutoverId,
          title: fc.constant('割接'),
          elementIds: fc.uniqueArray(elementId, { minLength: 1, maxLength: 3 }),
          work: fc.constant('swap'),
        },
        { area },
      ),
      window,
    )
    .map(([plan, planned]) => ({ ...plan, ...planned })),
  CutoverRescheduled: fc.tuple(cutoverId, window).map(([id, planned]) => ({ cutoverId: id, ...planned })),
  CutoverStarted: data({ cutoverId }),
  CutoverFinished: data({ cutoverId, outcome: fc.constant('done') }),
  CutoverCancelled: data({ cutoverId }),
  CoverageGapReported: data(
    { gapId, kind: fc.constant('blind-spot'), area },
    { name: fc.constant('地下室'), since: instant },
  ),
  CoverageGapChanged: data({ gapId, set: data({}, { area, name: words.filter((word) => word !== '') }) }),
  CoverageGapClosed: data({ gapId }),
  AdvisoryPublished: data(
    {
      advisoryId,
      advisoryType: fc.constant('光缆'),
      title: fc.constant('光缆中断'),
      elementIds: fc.uniqueArray(elementId, { maxLength: 2 }),
    },
    { area, from: instant, to: instant },
  ),
  AdvisoryWithdrawn: data({ advisoryId }),
  EndEstimated: data({ about: aboutKinds('outage', 'cutover', 'advisory', 'element'), expectedEnd: instant }),
  ComplaintReceived: data(
    {
      complaintId,
      scope: fc.constant('network'),
      trouble: data({}, { from: instant }),
      reportedAt: instant,
      stillOut: fc.constant('unknown'),
    },
    {
      customerRef,
      service,
      symptom,
      place: fc.record({ location, source: fc.constantFrom('words', 'home') }),
    },
  ),
  ComplaintAmended: data(
    { complaintId, set: data({}, { symptom, service }) },
    { unset: fc.constant(['place']) },
  ),
  ComplaintWithdrawn: data({ complaintId }),
  CustomersSilentReported: data({
    reportId: pool('report-', 3),
    customers: fc.array(data({ customerRef, silentSince: instant }, { location, servedBy: elementId }), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
  CauseAttributed: assessed,
  AlarmCorrelated: data({ alarm: cause, elementId }, { root: cause, outageId }),
  OutageOpened: data(
    {
      outageId,
      root: cause,
      title: fc.constant('outage'),
      because: fc.constant('complaint'),
      state: fc.constant('open'),
      since: instant,
      services: fc.constant(['mobile']),
    },
    { ...outageFields, splitFrom: outageId },
  ),
  OutageChanged: data(
    { outageId },
    { root: cause, state: fc.constantFrom('open', 'watched', 'restored'), ...outageFields },
  ),
  OutageEnded: data(
    { outageId, reason: fc.constantFrom('restored', 'merged', 'rejected') },
    { into: outageId },
  ),
  ClusterOpened: data(
    { clusterId, family: fc.constant('signal'), complaintIds: members, center: point },
    { service },
  ),
  ComplaintClustered: data({ complaintId }, { clusterId }),
  ClustersMerged: data({ intoId: clusterId, fromId: clusterId }),
  ClusterClosed: data({ clusterId, reason: fc.constantFrom('quiet', 'merged') }),
  OutageSuspected: data({
    suspicionId: pool('suspicion-', 3),
    elementId,
    probability: fc.constant(0.5),
    complaintIds: members,
  }),
  SuspicionResolved: data({ suspicionId: pool('suspicion-', 3), outcome: fc.constant('faded') }),
  GapCandidateFound: data({ candidateId: pool('candidate-', 3), area, complaintIds: members }),
  CauseConfirmed: data(act, { ...note, batchId: pool('batch-', 3) }),
  CauseRejected: data(act, note),
  ReplyGiven: data(
    { complaintId, words, language: fc.constant('zh') },
    {
      statedEnd: instant,
      told: fc.constantFrom('ongoing', 'passed-on', 'restored', 'other'),
      callback: fc.constant({ channel: 'sms' }),
    },
  ),
  ComplaintDispatched: data({ complaintId }, { orderId: fc.constant('WO-1') }),
  ComplaintResolved: data({ complaintId, resolution: fc.constant('restored') }),
  CallbackMade: data(
    { complaintId, outcome: fc.constantFrom('fine', 'still-out', 'no-answer', 'declined') },
    { outageId, againAt: instant },
  ),
  OutageAcknowledged: data({ outageId }, note),
  OutageAssigned: data({ outageId, assignee: fc.constant('Chen') }),
  OutageConfirmed: data({ outageId, cause }, note),
  OutageRejected: data({ outageId, cause }, note),
  OutageWorded: data({ outageId, words: fc.constant({ zh: '抢修中', en: 'at work' }) }, { until: instant }),
  OutageMergedByHand: data({ outageId, into: outageId }, {}),
  NoticeMuted: data({
    about: aboutKinds('outage', 'cluster', 'feed'),
    reason: fc.constant('known'),
    until: instant,
  }),
  NoticeUnmuted: data({ about: aboutKinds('outage', 'cluster') }, note),
  ClusterMergedByHand: data({ intoId: clusterId, fromId: clusterId }),
  ClusterSplitByHand: data({ clusterId, newClusterId: clusterId, complaintIds: members }),
  ClusterAcknowledged: data({ clusterId }, note),
  ClusterAssigned: data({ clusterId, assignee: fc.constant('Li') }),
  GapCandidateAccepted: data({ candidateId: pool('candidate-', 3) }, { gapId }),
  GapCandidateDismissed: data({ candidateId: pool('candidate-', 3) }),
  NoteAdded: data({ about: aboutKinds('complaint', 'outage', 'cluster', 'cutover'), text: words }),
  FeedAcknowledged: data({ source }, note),
  FeedFellSilent: data({ source, since: instant, reason: fc.constantFrom('silent', 'lagging') }),
  FeedReturned: data({ source, since: instant, silentMs: fc.nat(1_000_000) }),
  FeedHeard: data({ source }),
  DecisionUndone: fc.constant({ eventId: '00000000-0000-4000-8000-000000000000' }),
  OrderOpened: data(
    {
      orderId,
      about: orderAbout,
      title: fc.constant('order'),
      services: fc.constant(['mobile']),
      place: fc.record({ names: fc.constant(['天河']), point }),
      time: fc.record({ since: instant }),
      evidence: fc.constant({
        complaints: 1,
        customers: 1,
        elements: 0,
        alarms: 0,
        symptoms: [],
        complaintIds: [],
        elementIds: [],
      }),
    },
    note,
  ),
  OrderUpdated: data(
    { orderId },
    {
      externalId: pool('TT-', 3),
      progress: fc.constantFrom('accepted', 'in-progress'),
      joins: orderAbout,
      expectedEnd: instant,
    },
  ),
  OrderResolved: data(
    { orderId, resolution: fc.constant('restored'), cause: fc.constant('光缆') },
    { words: bilingual },
  ),
  OrderReturned: data({ orderId, reason: fc.constant('not-ours') }, note),
  OrderReopened: data({ orderId, reason: fc.constant('still-out') }, note),
  SignedIn: data({ user, method: fc.constantFrom('password', 'oidc') }),
  SignInRefused: data({ reason: fc.constant('wrong-password') }, { user, unrecordedBefore: fc.constant(3) }),
  SignedOut: data({ user }),
  AccessRefused: data(
    { method: fc.constant('GET'), route: fc.constant('/v1/audit'), reason: fc.constant('role') },
    { about: complaintId.map((id) => ({ kind: 'complaint', id })) },
  ),
  PersonalDataSeen: data({
    about: fc.uniqueArray(
      complaintId.map((id) => ({ kind: 'complaint', id })),
      { minLength: 1, maxLength: 4, selector: ({ id }) => id },
    ),
    fields: fc.constant(['phone']),
    route: fc.constant('/v1/complaints/:complaintId/personal'),
  }),
  PersonalDataErased: data({ customerRef, complaints: fc.nat(9) }),
  DataExported: data({
    what: fc.constantFrom('complaints', 'audit'),
    route: fc.constant('/v1/export/:table'),
    format: fc.constant('csv'),
  }),
  UserAdded: data(userRights),
  UserChanged: data(userRights, { disabled: fc.constant(true) }),
  UserRemoved: data({ user }),
  RulesetActivated: fc.constant({ ruleset: defaultRuleset, engineVersion: '1' }),
  ClockTicked: fc.constant({}),
  CorrelatorReported: fc.constant({ shard: 0, instance: 'one' }),
  CorrelatorStarted: fc.constant({ shard: 0, instance: 'one', engineVersion: '1' }),
  InputParked: fc.constant({
    shard: 0,
    inputId: '00000000-0000-4000-8000-000000000000',
    reason: 'Error: it cannot be',
    engineVersion: '1',
  }),
}

interface Drawn {
  readonly type: EventType
  readonly data: Record<string, unknown>
  readonly source: string
  readonly agoHours: number
  readonly back: number
}

const drawn: fc.Arbitrary<Drawn> = fc.oneof(
  ...eventTypes.map((type) => ({
    weight: type === 'RulesetActivated' ? 1 : 4,
    arbitrary: fc.record({
      type: fc.constant(type),
      data: dataByType[type],
      source,
      agoHours: fc.nat(5),
      back: fc.nat(40),
    }),
  })),
)

/**
 * Events of every type in the order of a log, about few ids, so that they bear on each other; valid by their schemas, with
 * times that come late and out of order. An undoing names one of the forty events before it.
 */
export function arbitraryEvents(
  constraints: fc.ArrayConstraints = { maxLength: 150 },
): fc.Arbitrary<readonly Event[]> {
  return fc.array(drawn, constraints).map((all) => all.reduce<Event[]>(addEvent, []))
}

function addEvent(events: Event[], { type, data, source, agoHours, back }: Drawn): Event[] {
  const ordinal = events.length
  const target = events[Math.max(0, ordinal - 1 - back)]
  const recordedMs = startMs + ordinal * 60_000
  const own: ReadonlySet<string> = new Set([...decisionTypes, ...machineTypes])
  const from = own.has(type) ? 'engine' : source
  events.push({
    id: eventId(from, type, String(ordinal)),
    type,
    schemaVersion: schemaVersionOf(type),
    occurredAt: toInstant(recordedMs - agoHours * hour),
    recordedAt: toInstant(recordedMs),
    data: type === 'DecisionUndone' && target !== undefined ? { eventId: target.id } : data,
    meta: { source: from, actor: from === 'engine' ? 'engine' : 'unverified' },
  } as Event)
  return events
}

/** Whether an event says what its schema allows. */
export function isValid(event: Event): boolean {
  return eventData[event.type].safeParse(event.data).success
}
