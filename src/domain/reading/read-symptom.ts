import type { Service, Symptom } from '../../../schemas/service.ts'
import { readClauses, type Clause, type Finding } from './read-findings.ts'
import type { State, Subject } from './term.ts'

type Trouble = Exclude<State, 'good'>

/** What each trouble with each subject is called; what is left out is no symptom of the network. */
const symptoms: Readonly<Record<Subject, Readonly<Partial<Record<Trouble, Symptom>>>>> = {
  signal: {
    none: 'no-signal',
    cannot: 'no-signal',
    bad: 'weak-signal',
    drop: 'weak-signal',
    slow: 'weak-signal',
    noisy: 'weak-signal',
  },
  call: {
    none: 'cannot-connect',
    cannot: 'cannot-connect',
    bad: 'voice-quality',
    drop: 'dropped-calls',
    slow: 'voice-quality',
    noisy: 'voice-quality',
  },
  data: { none: 'no-data', cannot: 'no-data', bad: 'slow-data', drop: 'no-data', slow: 'slow-data' },
  net: { none: 'no-data', cannot: 'no-data', bad: 'slow-data', drop: 'no-data', slow: 'slow-data' },
  internet: {
    none: 'no-internet',
    cannot: 'no-internet',
    bad: 'slow-data',
    drop: 'no-internet',
    slow: 'slow-data',
  },
  broadband: {
    none: 'no-internet',
    cannot: 'no-internet',
    bad: 'slow-data',
    drop: 'no-internet',
    slow: 'slow-data',
  },
  router: {
    none: 'no-internet',
    cannot: 'no-internet',
    bad: 'slow-data',
    drop: 'no-internet',
    slow: 'slow-data',
  },
  voice: {
    none: 'voice-quality',
    cannot: 'voice-quality',
    bad: 'voice-quality',
    drop: 'voice-quality',
    slow: 'voice-quality',
    noisy: 'voice-quality',
  },
  sms: { none: 'sms', cannot: 'sms', bad: 'sms', drop: 'sms', slow: 'sms' },
  landline: {
    none: 'no-dial-tone',
    cannot: 'cannot-connect',
    bad: 'voice-quality',
    drop: 'dropped-calls',
    noisy: 'voice-quality',
  },
  'dial-tone': { none: 'no-dial-tone', cannot: 'no-dial-tone', bad: 'no-dial-tone', drop: 'no-dial-tone' },
  tv: { none: 'tv', cannot: 'tv', bad: 'tv', drop: 'tv', slow: 'tv', noisy: 'tv' },
  phone: { none: 'cannot-connect', cannot: 'cannot-connect', drop: 'dropped-calls', slow: 'slow-data' },
  sim: {},
  service: { none: 'no-signal', cannot: 'other', bad: 'other', drop: 'other', slow: 'slow-data' },
}

/** What the customer suffers, as the text says it; undefined where it says nothing of the kind. */
export function readSymptom(text: string): Symptom | undefined {
  return symptomOf(readClauses(text))
}

export function symptomOf(clauses: readonly Clause[]): Symptom | undefined {
  const home = homeService(clauses)
  const lastTurn = clauses.findLastIndex((clause) => clause.isContrast)
  const all = troublesOf(clauses, home)
  // "There is signal, but …": what follows the turn is the complaint, if it holds one.
  const proper = lastTurn < 0 ? [] : troublesOf(clauses.slice(lastTurn), home)
  const troubles = proper.length > 0 ? proper : all
  // Without signal nothing else works either, so it is what matters wherever it is said.
  if (troubles.includes('no-signal')) return 'no-signal'
  return troubles.find((symptom) => symptom !== 'other') ?? troubles[0]
}

function troublesOf(clauses: readonly Clause[], home: Service | undefined): Symptom[] {
  return clauses
    .flatMap((clause) => clause.findings)
    .flatMap((finding) => symptomOfFinding(finding, home) ?? [])
}

function symptomOfFinding({ subject, state }: Finding, home: Service | undefined): Symptom | undefined {
  if (state === 'good') return undefined
  if (subject === undefined) return symptomWithoutSubject(state)
  if (home === 'broadband' && (subject === 'net' || subject === 'service')) return symptoms.broadband[state]
  if (home === 'mobile' && subject === 'internet') return symptoms.data[state]
  return symptoms[subject][state]
}

function symptomWithoutSubject(state: Trouble): Symptom | undefined {
  switch (state) {
    case 'slow':
      return 'slow-data'
    case 'noisy':
      return 'voice-quality'
    case 'none':
    case 'drop':
      return 'other'
    case 'cannot':
    case 'bad':
    case 'broken':
      return undefined
  }
}

/** Which access network "the net" is likely to mean here. */
function homeService(clauses: readonly Clause[]): Service | undefined {
  const services = clauses.flatMap(({ terms }) => terms).map((term) => term.service)
  const has = (service: Service): boolean => services.includes(service)
  if (has('broadband')) return 'broadband'
  return has('mobile') ? 'mobile' : undefined
}
