import { z } from 'zod'

/** Identifiers may be in any script, but hold no control characters, lone surrogates or line breaks. */
const visible = /^[^\p{C}]+$/u

/** An identifier as its owner writes it. */
export const identifier = z.string().trim().min(1).max(200).regex(visible, 'must not hold control characters')

/** A name shown to people. */
export const label = z.string().trim().min(1).max(300).regex(visible, 'must not hold control characters')

/** Words written by people: line breaks are allowed, broken surrogates are not. */
export const prose = z
  .string()
  .max(4000)
  .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')

/** The same words in Chinese and English. */
export const bilingual = z.strictObject({ zh: prose, en: prose })
export type Bilingual = z.infer<typeof bilingual>

/** What a sender keeps beside the fields that Causeway knows. Stored and shown, never weighed. */
export const attributes = z
  .record(z.string().max(100), z.union([z.string().max(1000), z.number(), z.boolean()]))
  .refine((record) => Object.keys(record).length <= 50, 'must hold at most 50 entries')
