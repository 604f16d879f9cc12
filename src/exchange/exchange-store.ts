/** A message that its receiver did not take. Kept until it is sent again with success. */
export interface DeadLetter {
  /** The event that it tells of, and its idempotency key. */
  readonly id: string
  readonly orderId: string
  readonly type: string
  readonly body: string
  readonly reason: string
  readonly attempts: number
  /** When it was given up, or tried again last. */
  readonly at: string
}

/** Texts by key, in the order of keys. What one call changes is durable, all of it or nothing, when it returns. */
export interface ExchangeTable {
  get(key: string): string | undefined
  change(changes: readonly (readonly [key: string, value: string | undefined])[]): void
  scan(prefix: string): Iterable<string>
  close(): Promise<void>
}

/** What one order system's exchange must not forget. */
export interface ExchangeStore {
  /** Behind which position of the log everything was delivered or given up. */
  checkpoint(): string | undefined
  moveTo(position: string): void
  /** Keeps what was given up, and goes on behind it. */
  giveUp(letter: DeadLetter, position: string): void
  letters(): readonly DeadLetter[]
  letter(id: string): DeadLetter | undefined
  keep(letter: DeadLetter): void
  remove(id: string): void
  /** Where the polling of statuses goes on. */
  cursor(): string | undefined
  setCursor(cursor: string): void
}

/** `log` names the log that positions are of: those of another are none of this one's. */
export function exchangeStore(table: ExchangeTable, system: string, log: string): ExchangeStore {
  const at = (what: string) => `${system}/${what}`
  const letterAt = (id: string) => at(`letter/${id}`)
  const position = (value: string) => [at('checkpoint'), JSON.stringify({ log, position: value })] as const
  const readLetter = (json: string) => JSON.parse(json) as DeadLetter
  return {
    checkpoint: () => {
      const json = table.get(at('checkpoint'))
      const kept = json === undefined ? undefined : (JSON.parse(json) as { log: string; position: string })
      return kept?.log === log ? kept.position : undefined
    },
    moveTo: (value) => table.change([position(value)]),
    giveUp: (letter, value) => table.change([[letterAt(letter.id), JSON.stringify(letter)], position(value)]),
    letters: () => [...table.scan(at('letter/'))].map(readLetter),
    letter: (id) => {
      const json = table.get(letterAt(id))
      return json === undefined ? undefined : readLetter(json)
    },
    keep: (letter) => table.change([[letterAt(letter.id), JSON.stringify(letter)]]),
    remove: (id) => table.change([[letterAt(id), undefined]]),
    cursor: () => table.get(at('cursor')),
    setCursor: (cursor) => table.change([[at('cursor'), cursor]]),
  }
}

/** Forgets everything with its process. */
export function memoryExchangeTable(): ExchangeTable {
  const texts = new Map<string, string>()
  return {
    get: (key) => texts.get(key),
    change: (changes) => {
      for (const [key, value] of changes) {
        if (value === undefined) texts.delete(key)
        else texts.set(key, value)
      }
    },
    *scan(prefix) {
      for (const key of [...texts.keys()].sort()) {
        const text = texts.get(key)
        if (key.startsWith(prefix) && text !== undefined) yield text
      }
    },
    close: async () => {},
  }
}
