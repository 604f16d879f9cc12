import type { PersonalFields } from '../vault/mask.ts'
import type { Vault } from '../vault/vault.ts'

/**
 * Seals what is personal of a complaint, under the customer's key. Whoever is not known as a customer gets a key of the
 * complaint's own, under a reference that no event holds.
 */
export async function sealPersonal(
  vault: Vault,
  complaintId: string,
  customerRef: string | undefined,
  personal: PersonalFields,
): Promise<void> {
  if (Object.keys(personal).length === 0) return
  await vault.seal(complaintId, customerRef ?? vault.customerRef(`complaint ${complaintId}`), personal)
}

/** The same, unless something is sealed for the complaint already: what is known of it stays. */
export async function sealNewPersonal(
  vault: Vault,
  complaintId: string,
  customerRef: string | undefined,
  personal: PersonalFields,
): Promise<void> {
  if ((await vault.unseal(complaintId)).kind !== 'unknown') return
  await sealPersonal(vault, complaintId, customerRef, personal)
}
