/** Who calls. */
export interface Caller {
  readonly actor: string
  /** May see names and numbers unmasked. */
  readonly personal: boolean
}
