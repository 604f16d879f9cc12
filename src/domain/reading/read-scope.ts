import type { ComplaintScope } from '../../../schemas/complaint.ts'
import type { Symptom } from '../../../schemas/service.ts'
import { readClauses, type Clause } from './read-findings.ts'
import { symptomOf } from './read-symptom.ts'
import type { AccountState, DeviceState } from './reading-values.ts'
import type { CustomerSideReason, NotNetworkReason, Subject } from './term.ts'

type ScopeReason =
  | NotNetworkReason
  | CustomerSideReason
  | 'suspended'
  | 'device-faulty'
  | 'device-unregistered'
  /** The text describes a trouble of the network. */
  | 'symptom'
  /** It points to the customer's own equipment, but others suffer too or other equipment was tried. */
  | 'others-too'
  /** Nothing was said either way. */
  | 'unstated'

export interface ScopeReading {
  readonly scope: ComplaintScope
  readonly reason: ScopeReason
  /** What decided: ids of the vocabulary, or the CRM field with its value. No free text. */
  readonly matched: readonly string[]
}

export interface CrmState {
  readonly accountState?: AccountState | undefined
  readonly deviceState?: DeviceState | undefined
}

/** How a reason stands to a trouble that is told beside it. */
const standing: Readonly<Record<NotNetworkReason | CustomerSideReason, 'explains' | 'yields'>> = {
  barred: 'explains',
  'allowance-used': 'explains',
  'roaming-not-enabled': 'explains',
  handset: 'explains',
  sim: 'explains',
  router: 'explains',
  'wifi-password': 'explains',
  settings: 'explains',
  nuisance: 'explains',
  'content-blocked': 'explains',
  // A customer without signal is angry about the bill too: the trouble counts.
  billing: 'yields',
  contract: 'yields',
  installation: 'yields',
  'customer-service': 'yields',
  'account-access': 'yields',
}
const customerSideReasons: ReadonlySet<string> = new Set([
  'handset',
  'sim',
  'router',
  'wifi-password',
  'settings',
] satisfies CustomerSideReason[])

/** An allowance that is used up takes the data, never the signal. */
const beyondAllowance: ReadonlySet<Symptom> = new Set([
  'no-signal',
  'weak-signal',
  'dropped-calls',
  'voice-quality',
  'no-dial-tone',
  'tv',
] as const)

/**
 * Whether the complaint is the network's at all. What the CRM knows of account and device beats the text: it decides
 * where it names a fault, and overrules the text where it says that all is well.
 */
export function readScope(text: string, crm: CrmState = {}): ScopeReading {
  const clauses = readClauses(text)
  const symptom = symptomOf(clauses)
  return scopeByCrm(symptom, crm) ?? scopeByText(clauses, symptom, crm)
}

function scopeByCrm(
  symptom: Symptom | undefined,
  { accountState, deviceState }: CrmState,
): ScopeReading | undefined {
  const account = [`account-state:${accountState}`]
  if (accountState === 'barred' || accountState === 'suspended') {
    return { scope: 'notNetwork', reason: accountState, matched: account }
  }
  if (accountState === 'allowance-used' && (symptom === undefined || !beyondAllowance.has(symptom))) {
    return { scope: 'notNetwork', reason: 'allowance-used', matched: account }
  }
  if (deviceState === 'faulty' || deviceState === 'unregistered') {
    return {
      scope: 'customerSide',
      reason: `device-${deviceState}`,
      matched: [`device-state:${deviceState}`],
    }
  }
  return undefined
}

interface NamedReason {
  readonly reason: NotNetworkReason | CustomerSideReason
  readonly id: string
}

function scopeByText(clauses: readonly Clause[], symptom: Symptom | undefined, crm: CrmState): ScopeReading {
  const reasons = reasonsIn(clauses).filter(({ reason }) => !isOverruled(reason, crm))
  const shared = clauses.flatMap((clause) =>
    isPraise(clause) ? [] : clause.terms.filter((term) => term.shared),
  )
  const explaining = reasons.filter(
    ({ reason }) =>
      standing[reason] === 'explains' &&
      !(reason === 'allowance-used' && symptom !== undefined && beyondAllowance.has(symptom)),
  )
  const held = explaining.filter(({ reason }) => shared.length === 0 || !customerSideReasons.has(reason))
  const first = held[0]
  if (first !== undefined) return reading(first.reason, held)
  if (explaining.length > 0) return { scope: 'network', reason: 'others-too', matched: idsOf(shared) }
  if (symptom !== undefined && (symptom !== 'other' || reasons.length === 0)) {
    return { scope: 'network', reason: 'symptom', matched: [symptom] }
  }
  const other = reasons[0]
  if (other !== undefined) return reading(other.reason, reasons)
  return { scope: 'network', reason: 'unstated', matched: [] }
}

function reading(
  reason: NotNetworkReason | CustomerSideReason,
  reasons: readonly NamedReason[],
): ScopeReading {
  const scope = customerSideReasons.has(reason) ? 'customerSide' : 'notNetwork'
  return { scope, reason, matched: idsOf(reasons.filter((each) => each.reason === reason)) }
}

function idsOf(named: readonly { readonly id: string }[]): string[] {
  return [...new Set(named.map(({ id }) => id))].sort()
}

const equipment: Readonly<Partial<Record<Subject, CustomerSideReason>>> = {
  phone: 'handset',
  sim: 'sim',
  router: 'router',
}

function reasonsIn(clauses: readonly Clause[]): NamedReason[] {
  return clauses.flatMap((clause) => {
    const { terms, findings } = clause
    const named = terms.flatMap(({ reason, id }) =>
      reason === undefined || (isPraise(clause) && reason === 'billing') ? [] : { reason, id },
    )
    const broken = findings.flatMap(({ subject, state }) => {
      const reason = subject === undefined || state !== 'broken' ? undefined : equipment[subject]
      return reason === undefined ? [] : { reason, id: reason }
    })
    return [...named, ...broken]
  })
}

/** "My bill is fine", "the neighbours have signal": what is named there is not at fault. */
function isPraise({ findings }: Clause): boolean {
  return findings.some(({ state }) => state === 'good')
}

function isOverruled(reason: ScopeReason, { accountState, deviceState }: CrmState): boolean {
  if (accountState === 'active' && (reason === 'barred' || reason === 'allowance-used')) return true
  return deviceState === 'ok' && (reason === 'handset' || reason === 'sim' || reason === 'router')
}
