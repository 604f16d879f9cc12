import { z } from 'zod'
import { stampFields } from './command-stamp.ts'
import { locatedPoint } from './geo.ts'
import { instantInput } from './instant.ts'
import { identifier, label } from './text.ts'

/** A CRM's list of customers without traffic. Numbers and accounts become references and are not kept. */
export const silentCustomers = z.strictObject({
  ...stampFields,
  reportId: identifier,
  customers: z
    .array(
      z.strictObject({
        phone: label.max(40).optional(),
        account: label.max(100).optional(),
        customerRef: z.string().min(1).max(100).optional(),
        silentSince: instantInput,
        location: locatedPoint.optional(),
        servedBy: identifier.optional(),
      }),
    )
    .min(1)
    .max(2000),
})
