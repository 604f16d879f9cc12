import type { ChangeLedger } from './change-ledger.ts'
import { clusterOf, type Member } from './member.ts'
import { noteCore, remember, SettledPart, unite, wholeOf } from './settled-part.ts'

/**
 * When a complaint can leave the index. Let H be the watermark less `latenessMs`. No complaint older than H is
 * inserted or withdrawn any more; and neighbours lie within `epsMs` =: e of each other. So
 *
 * - a complaint older than H - e has all its neighbours for good: whether it is a core is final;
 * - one older than H - 2e has only neighbours of which that is final: its links, and for a border complaint its
 *   nearest core, are final;
 * - an operation reads the neighbours of those whose core status or whose nearest core it may change: of complaints not
 *   older than H - 2e, thus complaints not older than H - 3e.
 *
 * Hence the index keeps what is not older than H - 3e and nothing else. (Under insertion alone H - 2e would do: a new core is
 * compared with the nearest one known. Only a withdrawal takes the nearest away and must search for the next.)
 *
 * Whole buckets of one e retire at once, up to one e later than they could, which changes no answer. A cluster
 * closes with its last member in the index: all of them are final then, and so nothing can be added to it.
 */
export interface Retirement {
  /** Notes a complaint that will retire one day. */
  expect(member: Member): void
  /** Forgets one that is withdrawn before. */
  drop(member: Member): void
  advance(watermarkMs: number): void
  /** What is in the index and touches the part: cores that carry it, and borders of its retired cores. */
  touching(part: SettledPart): readonly Member[]
}

/** Who retires when, by time in steps of `epsMs`. */
export interface RetirementState {
  readonly buckets: Map<number, Set<Member>>
  firstBucket: number
}

export function emptyRetirement(): RetirementState {
  return { buckets: new Map(), firstBucket: Number.NEGATIVE_INFINITY }
}

interface RetirementNeeds {
  readonly state: RetirementState
  readonly epsMs: number
  readonly latenessMs: number
  readonly maxRetiredIds: number
  readonly ledger: ChangeLedger
  readonly forget: (member: Member) => void
}

export function createRetirement({
  state,
  epsMs,
  latenessMs,
  maxRetiredIds,
  ledger,
  forget,
}: RetirementNeeds): Retirement {
  const { buckets } = state

  const bucketOf = ({ timeMs }: Member) => Math.floor(timeMs / epsMs)

  function retire(member: Member): void {
    const cluster = clusterOf(member)
    const core = member.core ? member : member.anchor
    if (cluster !== undefined && core !== undefined) {
      // The links of this core are final. Those to cores that retired before it were noted when they did.
      if (member.core) {
        const near = member.grid.near(member)
        for (let index = 0; index < near.count; index++) shareOnePart(member, near.members[index])
      }
      const part = partOf(core)
      if (member.core) noteCore(part, member)
      remember(part, member.id, maxRetiredIds)
      ledger.retire(cluster)
    }
    forget(member)
  }

  function shareOnePart(core: Member, neighbour: Member | undefined): void {
    if (neighbour?.core !== true) return
    if (neighbour.part === undefined) neighbour.part = partOf(core)
    else if (core.part === undefined) core.part = neighbour.part
    else core.part = unite(core.part, neighbour.part, maxRetiredIds)
  }

  return {
    expect(member) {
      const bucket = bucketOf(member)
      const members = buckets.get(bucket)
      if (members === undefined) buckets.set(bucket, new Set([member]))
      else members.add(member)
    },

    drop(member) {
      buckets.get(bucketOf(member))?.delete(member)
    },

    advance(watermarkMs) {
      const bucket = Math.floor((watermarkMs - latenessMs) / epsMs) - 3
      if (bucket <= state.firstBucket) return
      state.firstBucket = bucket
      for (const due of [...buckets.keys()].filter((key) => key < bucket).sort((a, b) => a - b)) {
        for (const member of buckets.get(due) ?? []) retire(member)
        buckets.delete(due)
      }
    },

    touching(part) {
      // They are neighbours of retired complaints, so they lie in the first two buckets that are left.
      const near = [...(buckets.get(state.firstBucket) ?? []), ...(buckets.get(state.firstBucket + 1) ?? [])]
      return near.filter((member) => {
        const carried = member.core ? member.part : member.anchor?.part
        return carried !== undefined && wholeOf(carried) === part
      })
    },
  }
}

function partOf(core: Member): SettledPart {
  core.part ??= new SettledPart()
  return wholeOf(core.part)
}
