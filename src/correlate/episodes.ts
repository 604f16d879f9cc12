/** A raise, or the change of what was raised. */
export interface AlarmFact<Data> {
  readonly ms: number
  /** The event's id: settles the order of facts of one moment. */
  readonly id: string
  readonly data: Data
}

export interface Episode<Data> {
  readonly startMs: number
  /** Infinity while it lasts. */
  readonly endMs: number
  /** As first raised. */
  readonly data: Data
}

/**
 * The episodes of one alarm, from its raises and clears in whatever order they came: a raise opens one unless one is
 * open, a clear ends it. A raise sooner than `dwellMs` after a clear goes on with the episode, because the clear never
 * held (a flapping alarm is one trouble). Both lists are sorted; a raise goes before a clear of the same moment.
 */
export function episodesOf<Data>(
  raises: readonly AlarmFact<Data>[],
  clearsMs: readonly number[],
  dwellMs: number,
): Episode<Data>[] {
  const episodes: { startMs: number; endMs: number; data: Data }[] = []
  let clearAt = 0
  for (const raise of raises) {
    let last = episodes.at(-1)
    // Clears before this raise end what was open then.
    for (
      let clear = clearsMs[clearAt];
      clear !== undefined && clear < raise.ms;
      clear = clearsMs[(clearAt += 1)]
    )
      if (last !== undefined && last.endMs === Infinity && clear >= last.startMs) last.endMs = clear
    last = episodes.at(-1)
    if (last === undefined || (last.endMs !== Infinity && raise.ms - last.endMs >= dwellMs))
      episodes.push({ startMs: raise.ms, endMs: Infinity, data: raise.data })
    else last.endMs = Infinity
  }
  const last = episodes.at(-1)
  const lastRaiseMs = raises.at(-1)?.ms ?? 0
  const clear = clearsMs.find((ms) => ms >= lastRaiseMs)
  if (last !== undefined && clear !== undefined) last.endMs = clear
  return episodes
}

/** Inserts into a sorted list, keeping order by time and then id. */
export function insertFact<Data>(facts: AlarmFact<Data>[], fact: AlarmFact<Data>): void {
  let at = facts.length
  for (let before = facts[at - 1]; before !== undefined && isLater(before, fact); before = facts[at - 1])
    at -= 1
  facts.splice(at, 0, fact)
}

/** Inserts a moment into a sorted list. */
export function insertMs(moments: number[], ms: number): void {
  let at = moments.length
  for (let before = moments[at - 1]; before !== undefined && before > ms; before = moments[at - 1]) at -= 1
  moments.splice(at, 0, ms)
}

const isLater = (a: AlarmFact<unknown>, b: AlarmFact<unknown>): boolean =>
  a.ms > b.ms || (a.ms === b.ms && a.id > b.id)
