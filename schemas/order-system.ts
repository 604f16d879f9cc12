import { z } from 'zod'
import { elementKind } from './element.ts'
import { orderAbout } from './order.ts'
import { service } from './service.ts'

const secret = z.string().min(16, 'must have at least 16 characters')
const httpUrl = z
  .string()
  .max(2_000)
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'must be http:// or https://',
  )

/** Another product in which orders are worked on. The name is part of addresses and of the source of what it tells. */
export const orderSystem = z.strictObject({
  name: z.string().regex(/^[\w-]{1,60}$/, 'must be up to 60 letters, digits, "_" and "-"'),
  /** Where orders go, and the secret under which they are signed. */
  webhook: z.strictObject({ url: httpUrl, secret }).optional(),
  /** What it sends to `/hooks/orders/{name}` must be signed under this; left out, it may send nothing. */
  statusSecret: secret.optional(),
  /** Where it is asked for statuses, where it cannot send them. */
  poll: z
    .strictObject({
      url: httpUrl,
      intervalMs: z.int().min(1).default(60_000),
      bearer: z.string().min(1).max(1_000).optional(),
    })
    .optional(),
  /** Which orders go to it, by what they were opened with; left out: all. */
  takes: z
    .strictObject({
      about: z.array(orderAbout.shape.kind).min(1).optional(),
      services: z.array(service).min(1).optional(),
      /** The level of the element that failed; orders that name none are then not taken. */
      elementKinds: z.array(elementKind).min(1).optional(),
      /** West, south, east, north. */
      box: z
        .tuple([z.number(), z.number(), z.number(), z.number()])
        .refine(
          ([west, south, east, north]) => west <= east && south <= north,
          'must be west, south, east, north',
        )
        .optional(),
      /** Ids of `regions`. */
      regions: z.array(z.string()).min(1).optional(),
    })
    .prefault({}),
  limits: z
    .strictObject({
      /** Of one call. */
      timeoutMs: z.int().min(1).default(10_000),
      /** What was not taken is sent again after a pause that doubles from the first to the longest. */
      firstRetryMs: z.int().min(1).default(1_000),
      maxRetryMs: z.int().min(1).default(300_000),
      /** After so many it is a dead letter. */
      maxAttempts: z.int().min(1).default(24),
      /** With so many, delivery waits until some are sent again. */
      maxDeadLetters: z.int().min(1).default(1_000),
      maxResponseBytes: z.int().min(1).default(1_048_576),
      /** A signed message may be so old, or its sender's clock so wrong. */
      maxSkewMs: z.int().min(1).default(300_000),
    })
    .prefault({}),
})
export type OrderSystem = z.infer<typeof orderSystem>
