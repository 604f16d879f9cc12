import type { Role } from '../../schemas/role.ts'

/** Who calls. */
export interface Caller {
  readonly actor: string
  /** As people call them. */
  readonly name?: string | undefined
  /** May see names and numbers unmasked. */
  readonly personal: boolean
  readonly roles: ReadonlySet<Role>
  /** The ids of the regions whose things they see and touch; absent: the whole network. */
  readonly regions?: readonly string[] | undefined
}
