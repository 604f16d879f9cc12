/** A promise that is settled from outside; nobody has to await it. */
export interface Settlable {
  readonly promise: Promise<void>
  resolve(): void
  reject(error: unknown): void
}

export function settlable(): Settlable {
  let settle: Omit<Settlable, 'promise'> = { resolve: () => {}, reject: () => {} }
  const promise = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject }
  })
  promise.catch(() => {})
  return { promise, ...settle }
}
