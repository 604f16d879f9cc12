import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/** What the server counts of itself, in a registry of its own. No label holds anything that a sender chose. */
export interface Metrics {
  readonly registry: Registry
  readonly appendSeconds: Histogram
  readonly correlateSeconds: Histogram
  readonly projectSeconds: Histogram
  readonly answerSeconds: Histogram
  readonly requests: Counter<'method' | 'route' | 'status'>
  readonly refusedLines: Counter
  readonly unrecordedAccess: Counter<'why'>
  /** Has a gauge, by label, follow figures that are read when somebody asks. */
  follow(name: string, help: string, read: () => Readonly<Record<string, number>>): void
}

const fastSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const seconds = (name: string, help: string) =>
    new Histogram({ name: `causeway_${name}_seconds`, help, buckets: fastSeconds, registers })
  return {
    registry,
    appendSeconds: seconds('append', 'From handing events to the log until they are durable'),
    correlateSeconds: seconds('correlate', 'From an event in the log to its durable decisions'),
    projectSeconds: seconds('project', 'From an event in the log to its rows'),
    answerSeconds: seconds('answer', 'From a complaint received to its answer'),
    requests: new Counter({
      name: 'causeway_http_requests_total',
      help: 'Requests answered',
      labelNames: ['method', 'route', 'status'],
      registers,
    }),
    refusedLines: new Counter({
      name: 'causeway_refused_lines_total',
      help: 'Lines of bulk input that were refused',
      registers,
    }),
    unrecordedAccess: new Counter({
      name: 'causeway_access_unrecorded_total',
      help: 'What should be in the audit log and is not: refused therefore, too many in a minute, or not taken by the log',
      labelNames: ['why'],
      registers,
    }),
    follow: (name, help, read) => {
      const gauge = new Gauge({
        name: `causeway_${name}`,
        help,
        labelNames: ['of'],
        registers,
        collect: () => {
          for (const [of, value] of Object.entries(read())) gauge.set({ of }, value)
        },
      })
    },
  }
}
