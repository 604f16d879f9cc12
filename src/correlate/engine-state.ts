import RBush from 'rbush'
import type { ComplaintReceived } from '../../schemas/complaint.ts'
import { toInstant } from '../../schemas/instant.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { AlarmBook } from './alarm-book.ts'
import { AlarmRecord } from './alarm-record.ts'
import { Arrivals } from './arrivals.ts'
import { CauseBook } from './cause-book.ts'
import type { ClusterState } from './clusters/incremental-clusters.ts'
import { LiveCluster } from './clusters/live-cluster.ts'
import { Member } from './clusters/member.ts'
import { SettledPart } from './clusters/settled-part.ts'
import { Company } from './company-counts.ts'
import { ComplaintBook } from './complaint-book.ts'
import { CrowdBook } from './crowd-book.ts'
import { Deadlines, Timer } from './deadlines.ts'
import { ActBook } from './fold-act.ts'
import { type CompiledImpacts, createImpactTable, type Impact } from './impact.ts'
import { Cause, Complaint, ElementNode } from './model.ts'
import { newClusters } from './new-clusters.ts'
import { OutageBook } from './outage-book.ts'
import { PublishedBook } from './published-book.ts'
import { RuleClears } from './rule-clears.ts'
import { ServingIndex } from './serving-index.ts'
import { flatten, type FlatGraph, type KeptClass, unflatten } from './state-graph.ts'
import { EngineState } from './step.ts'
import { Topology } from './topology.ts'
import { Window } from './window.ts'

interface KeptState {
  readonly state: EngineState
  readonly clusters: ClusterState | undefined
  readonly impacts: CompiledImpacts | undefined
}

/** Everything that an engine remembers, flat. */
export function flattenState(state: EngineState): FlatGraph {
  const { window } = state
  const kept: KeptState = {
    state,
    clusters: window?.clusters.state,
    impacts: window?.alarms.impacts.compiled,
  }
  return flatten(kept, keptClasses())
}

/** What was flattened. Throws where it is of another make. */
export function unflattenState(graph: FlatGraph): EngineState {
  const { state, clusters, impacts: compiled } = unflatten(graph, keptClasses()) as KeptState
  const { window } = state
  if (window !== undefined) {
    const impacts = createImpactTable(window.ruleset, compiled)
    Object.assign(window.alarms, { impacts })
    Object.assign(window.published, { impacts })
    window.clusters = newClusters(window.ruleset, clusters)
  }
  return state
}

/**
 * What the state of this release is made of: the fields of every class. A snapshot of another make must not be taken up, and
 * a field may come or go with any change to the engine.
 */
export function stateMake(ruleset: Ruleset): string {
  const state = new EngineState('')
  state.window = new Window(ruleset)
  const made = keptClasses().map(({ make }) => Object.keys(make()).join())
  return JSON.stringify([made, flattenState(state).shapes])
}

/**
 * Every class that the state is made of, in an order that is part of the format. What is found by the thousand is made by its
 * constructor: engines run objects of one shape several times faster.
 */
function keptClasses(): readonly KeptClass[] {
  const impact = { effect: 'none', services: undefined, symptomNats: {}, intensityNats: 0, rule: '' }
  const facts = { complaintId: '', reportedAt: toInstant(0), trouble: {} } as ComplaintReceived
  const ruleset = { times: {}, places: {}, symptomFamilies: {} } as Ruleset
  const placed = { id: '', lane: '', lon: 0, lat: 0, timeMs: 0, customerRef: '', dense: false }
  return [
    made(ElementNode, () => new ElementNode(''), { omit: caches }),
    made(Cause, () => new Cause('alarm', '', impact as unknown as Impact)),
    made(Complaint, () => new Complaint(facts, ruleset), { plain: ['facts', 'answer'] }),
    made(Timer, () => new Timer('complaint', '')),
    made(Member, () => new Member(placed, undefined as never), { omit: ['grid'] }),
    made(LiveCluster, () => new LiveCluster()),
    made(SettledPart, () => new SettledPart()),
    made(AlarmRecord, () => new AlarmRecord('', ''), { plain: ['raises', 'changes', 'clearsMs'] }),
    made(Company, () => new Company()),
    bare(RBush),
    bare(EngineState),
    bare(Window, ['clusters']),
    bare(AlarmBook, ['impacts']),
    bare(PublishedBook, ['impacts']),
    bare(RuleClears),
    bare(Topology),
    bare(CauseBook),
    bare(ComplaintBook),
    bare(CrowdBook),
    bare(Arrivals),
    bare(Deadlines),
    bare(ServingIndex),
    bare(OutageBook),
    bare(ActBook),
  ]
}

/** What the topology works out again when it is asked. */
const caches = ['cachedVersion', 'cachedUpstream', 'cachedDependents']

type Class = { readonly prototype: object }

type Fields = Pick<KeptClass, 'omit' | 'plain'>

function made({ prototype }: Class, make: () => object, fields: Fields = {}): KeptClass {
  return { prototype, make, ...fields }
}

function bare({ prototype }: Class, omit: readonly string[] = []): KeptClass {
  return { prototype, make: () => Object.create(prototype) as object, omit }
}
