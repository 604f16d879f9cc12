import type { Feed } from '../config/config.ts'

/** The IANA zone in which a source's clock hangs: as configured, else the network's, where that is known. */
export function zoneOfSource(
  feeds: readonly Feed[],
  source: string | undefined,
  networkZone: string | undefined,
): string | undefined {
  return feeds.find((feed) => feed.source === source)?.zone ?? networkZone
}
