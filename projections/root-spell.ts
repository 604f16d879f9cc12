import type { CauseRef } from '../schemas/attribution.ts'

/** From when on an outage had a root. */
export interface RootSpell {
  readonly root: CauseRef
  readonly at: string
}

/** The most roots that an outage is found by. */
const maxRootsKept = 20

/** The roots of an outage with one more, where it is another than the last. */
export function withRoot(roots: readonly RootSpell[], root: CauseRef, at: string): readonly RootSpell[] {
  const last = roots.at(-1)?.root
  if (last !== undefined && last.kind === root.kind && last.id === root.id) return roots
  return [...roots, { root, at }].slice(-maxRootsKept)
}
