import { z } from 'zod'
import { instant } from '../../schemas/instant.ts'
import { role } from '../../schemas/role.ts'

/** As stored; change it only by adding. */
export const user = z.object({
  user: z.string(),
  name: z.string().optional(),
  roles: z.array(role),
  regions: z.array(z.string()).optional(),
  personalData: z.boolean(),
  disabled: z.boolean(),
  passwordHash: z.string(),
  addedAt: instant,
  changedAt: instant,
})
export type User = Readonly<z.infer<typeof user>>

export function isAdministrator({ roles, disabled }: Pick<User, 'roles' | 'disabled'>): boolean {
  return roles.includes('administrator') && !disabled
}
