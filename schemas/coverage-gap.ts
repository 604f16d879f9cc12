import { z } from 'zod'
import { area } from './geo.ts'
import { instantInput } from './instant.ts'
import { service } from './service.ts'
import { identifier, label, prose } from './text.ts'

// These shapes are stored: change them only by adding, or with an upcaster.

const gapFields = z.strictObject({
  kind: z.enum(['blind-spot', 'weak-signal']),
  name: label.optional(),
  area,
  network: identifier.optional(),
  services: z.array(service).max(4).optional(),
  /** Left out: indoors and outdoors alike. */
  setting: z.enum(['indoor', 'basement-or-lift', 'outdoor']).optional(),
  /** Since when it is there; left out: for longer than anyone's complaint. */
  since: instantInput.optional(),
  /** Why: a property owner refuses equipment (物业难点), terrain, the building … */
  reason: z
    .strictObject({
      kind: z.enum(['owner-refuses', 'terrain', 'building', 'capacity', 'no-site-yet', 'other']),
      text: prose.optional(),
    })
    .optional(),
  /** What is planned: a site (规划基站), an optimisation project (网络优化工程). */
  remedy: z
    .strictObject({
      kind: z.enum(['planned-site', 'optimisation-project', 'repeater', 'none']),
      reference: label.optional(),
      text: prose.optional(),
      expectedAt: instantInput.optional(),
    })
    .optional(),
})

/** A place without usable signal: blind spot (盲点) or weak-signal area (弱信号区). */
export const coverageGapReported = gapFields.extend({ gapId: identifier })
export type CoverageGapReported = z.infer<typeof coverageGapReported>

export const coverageGapChanged = z.strictObject({
  gapId: identifier,
  set: gapFields.partial(),
  unset: z.array(z.enum(['name', 'network', 'services', 'setting', 'since', 'reason', 'remedy'])).optional(),
})
export type CoverageGapChanged = z.infer<typeof coverageGapChanged>

export const coverageGapClosed = z.strictObject({ gapId: identifier, note: prose.optional() })
export type CoverageGapClosed = z.infer<typeof coverageGapClosed>

/** A person's answer to a `GapCandidateFound`. */
export const gapCandidateAct = z.strictObject({
  candidateId: identifier,
  gapId: identifier.optional(),
  note: prose.optional(),
})
export type GapCandidateAct = z.infer<typeof gapCandidateAct>
