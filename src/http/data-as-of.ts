import type { Services } from './services.ts'

/** By source: the newest moment that it has told of. */
export function dataAsOf({ feeds }: Pick<Services, 'feeds'>): Record<string, string> {
  return Object.fromEntries(
    feeds.states().flatMap(({ source, dataAsOf: at }) => (at === undefined ? [] : [[source, at]])),
  )
}
