/** Work in turn within each lane, side by side between lanes. */
export interface Lanes {
  /** Runs after all earlier work of its lane, whatever that came to, as soon as a place is free. */
  inTurn<Result>(lane: string, work: () => Promise<Result>): Promise<Result>
  isBusy(lane: string): boolean
  /** Resolves when nothing waits or runs. */
  drain(): Promise<void>
}

/** At most `maxAtOnce` pieces of work run at the same time. */
export function lanes(maxAtOnce: number): Lanes {
  const ends = new Map<string, Promise<unknown>>()
  const waiting: (() => void)[] = []
  let free = maxAtOnce

  const takePlace = async () => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
  }
  const givePlace = () => {
    const next = waiting.shift()
    if (next === undefined) free += 1
    else next()
  }

  const run = async <Result>(before: Promise<unknown> | undefined, work: () => Promise<Result>) => {
    await before?.catch(() => {})
    await takePlace()
    try {
      return await work()
    } finally {
      givePlace()
    }
  }

  return {
    async inTurn(lane, work) {
      const mine = run(ends.get(lane), work)
      ends.set(lane, mine)
      try {
        return await mine
      } finally {
        if (ends.get(lane) === mine) ends.delete(lane)
      }
    },
    isBusy: (lane) => ends.has(lane),
    async drain() {
      while (ends.size > 0) await Promise.allSettled(ends.values())
    },
  }
}
