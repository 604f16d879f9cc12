import { z } from 'zod'
import { complaintResolved } from './act.ts'
import { causeRef } from './attribution.ts'
import { lonLat } from './geo.ts'
import { instant, instantInput } from './instant.ts'
import { service, symptom } from './service.ts'
import { bilingual, identifier, label, prose } from './text.ts'

// These shapes are stored: change them only by adding, or with an upcaster.

/** What a work order is about: an outage, or a cluster that nothing explains. */
export const orderAbout = z.strictObject({ kind: z.enum(['outage', 'cluster']), id: identifier })
export type OrderAbout = z.infer<typeof orderAbout>

/** Names of places, and members by id, that one order holds. */
export const maxPlaceNames = 10
export const maxEvidenceIds = 50

/** Where to look. */
const orderPlace = z.strictObject({
  point: lonLat.optional(),
  /** West, south, east, north. */
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(),
  elementId: z.string().optional(),
  elementName: z.string().optional(),
  /** As callers named the place of their trouble, the most named first; nobody's home. */
  names: z.array(z.string()).max(maxPlaceNames),
})

/** When it was, and until when it is expected to be. */
const orderTime = z.strictObject({
  since: instant,
  lastReportAt: instant.optional(),
  expectedEnd: instant.optional(),
})

/** What spoke for it when it was passed on. */
const orderEvidence = z.strictObject({
  root: causeRef.optional(),
  complaints: z.int().min(0),
  customers: z.int().min(0),
  elements: z.int().min(0),
  alarms: z.int().min(0),
  subscribers: z.int().optional(),
  symptoms: z.array(z.strictObject({ symptom, complaints: z.int().min(1) })).max(20),
  /** The newest of them. */
  complaintIds: z.array(identifier).max(maxEvidenceIds),
  elementIds: z.array(z.string()).max(maxEvidenceIds),
})

/** Work passed on to network operations (派单): one order an outage or unexplained cluster, which later members join. */
export const orderOpened = z.strictObject({
  orderId: identifier,
  about: orderAbout,
  title: z.string(),
  network: z.string().optional(),
  services: z.array(service),
  place: orderPlace,
  time: orderTime,
  evidence: orderEvidence,
  to: label.optional(),
  note: prose.optional(),
})
export type OrderOpened = z.infer<typeof orderOpened>

/** Its number in the order system, how far it is, who has it; or something else that turned out to be the same trouble. */
export const orderUpdated = z.strictObject({
  orderId: identifier,
  externalId: identifier.optional(),
  progress: z.enum(['accepted', 'in-progress']).optional(),
  assignee: label.optional(),
  expectedEnd: instantInput.optional(),
  joins: orderAbout.optional(),
  /** How large its trouble is by now, where it has grown much since that was told last. */
  grown: z
    .strictObject({
      complaints: z.int().min(0),
      customers: z.int().min(0),
      box: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(),
    })
    .optional(),
  note: prose.optional(),
})
export type OrderUpdated = z.infer<typeof orderUpdated>

/** What it was, and the words for the customers: both hold for every member, also for those that come later. */
export const orderResolved = z.strictObject({
  orderId: identifier,
  resolution: complaintResolved.shape.resolution,
  cause: label,
  root: causeRef.optional(),
  words: bilingual.optional(),
  note: prose.optional(),
})
export type OrderResolved = z.infer<typeof orderResolved>

/** Whoever got it gives it back: its members wait for network operations again. */
export const orderReturned = z.strictObject({
  orderId: identifier,
  reason: z.enum(['not-ours', 'too-little-known', 'no-fault-found', 'other']),
  note: prose.optional(),
})
export type OrderReturned = z.infer<typeof orderReturned>

/** It was found wanting after all, and goes out once more. */
export const orderReopened = z.strictObject({
  orderId: identifier,
  reason: z.enum(['still-out', 'came-back', 'sent-again', 'other']),
  note: prose.optional(),
})
export type OrderReopened = z.infer<typeof orderReopened>
