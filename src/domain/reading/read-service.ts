import type { Service, Symptom } from '../../../schemas/service.ts'
import { readClauses, type Clause } from './read-findings.ts'
import { symptomOf } from './read-symptom.ts'

/** The service that the trouble is with, where the text or the symptom tells. */
export function readService(text: string): Service | undefined {
  const clauses = readClauses(text)
  const symptom = symptomOf(clauses)
  const bySymptom = symptom === undefined ? undefined : serviceOf[symptom]
  if (bySymptom !== undefined) return bySymptom
  // What is praised ("the Wi-Fi is fine") is not what the complaint is about.
  const blamed = clauses.filter(({ findings }) => !findings.some(({ state }) => state === 'good'))
  return mostNamed(blamed) ?? mostNamed(clauses)
}

/** Symptoms that only one service has. */
const serviceOf: Readonly<Partial<Record<Symptom, Service>>> = {
  'no-signal': 'mobile',
  'weak-signal': 'mobile',
  'no-data': 'mobile',
  'no-internet': 'broadband',
  'no-dial-tone': 'fixed-voice',
  tv: 'tv',
}

function mostNamed(clauses: readonly Clause[]): Service | undefined {
  const named = clauses
    .flatMap(({ terms }) => terms)
    .flatMap((term) => term.service ?? (term.subject === 'internet' ? 'broadband' : []))
  const count = (service: Service): number => named.filter((other) => other === service).length
  // Stable: of equally often named services, the one named first.
  return named.toSorted((a, b) => count(b) - count(a))[0]
}
