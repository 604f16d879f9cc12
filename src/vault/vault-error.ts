/** The vault cannot do what it was asked to: a wrong key, damaged or altered records, fields too long. Says what to do. */
export class VaultError extends Error {
  override readonly name = 'VaultError'
}
