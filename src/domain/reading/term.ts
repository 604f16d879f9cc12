import type { Service } from '../../../schemas/service.ts'
import type { StillOut, TroublePattern, TroubleSetting } from './reading-values.ts'

/** What a sentence is about. `net` is 网, which may be mobile or fixed; `internet` is the English word, mostly fixed. */
export type Subject =
  | 'signal'
  | 'call'
  | 'data'
  | 'net'
  | 'internet'
  | 'broadband'
  | 'voice'
  | 'sms'
  | 'landline'
  | 'dial-tone'
  | 'tv'
  | 'phone'
  | 'sim'
  | 'router'
  | 'service'

/** How the subject is. `cannot` is what the customer cannot do with it, `broken` what is damaged. */
export type State = 'good' | 'none' | 'cannot' | 'bad' | 'drop' | 'slow' | 'noisy' | 'broken'

export type NotNetworkReason =
  | 'billing'
  | 'barred'
  | 'allowance-used'
  | 'roaming-not-enabled'
  | 'contract'
  | 'installation'
  | 'customer-service'
  | 'account-access'
  | 'nuisance'
  | 'content-blocked'

export type CustomerSideReason = 'handset' | 'sim' | 'router' | 'wifi-password' | 'settings'

/** Words that bend others: `not` denies what follows, `but` turns to the trouble proper; `neutral` words are read over. */
type Role = 'not' | 'but' | 'neutral'

/** One entry of the vocabulary: words of both languages that mean the same, and what they tell each reader. */
export interface Term {
  /** The word feature that is stored. Entries that differ only in what they tell may share one. */
  readonly id: string
  readonly zh: string
  /** Separated by `|`, as in `zh`: whole words in lower case without apostrophes; `*` stands for any ending. */
  readonly en: string
  readonly subject?: Subject
  readonly state?: State
  readonly service?: Service
  readonly reason?: NotNetworkReason | CustomerSideReason
  readonly setting?: TroubleSetting
  readonly pattern?: TroublePattern
  readonly stillOut?: StillOut
  readonly role?: Role
  /** Others suffer too, or another device was tried: it is not the customer's own equipment. */
  readonly shared?: true
  /** What has "always" been so is chronic, unless the words are "always since this morning". */
  readonly duration?: 'always' | 'recent'
}
