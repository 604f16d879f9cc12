import type { Config } from '../config/config.ts'
import { engineVersion, type Engine } from '../correlate/engine.ts'
import { startCorrelator, type Correlator, type CorrelatorOptions } from '../pipeline/correlator.ts'
import { defaultSharedLimits, shareDeciding } from '../pipeline/share-deciding.ts'
import { engineFrom } from './checkpointed-engine.ts'
import type { OpenData } from './open-data.ts'

export interface DecidingOptions extends Pick<
  CorrelatorOptions,
  'clock' | 'writer' | 'limits' | 'holdBack' | 'onSlice'
> {
  readonly config: Config
  readonly data: OpenData
  readonly version: string
  readonly randomId: () => string
  readonly onTrouble: (error: unknown) => void
  /** Told of inputs that another process has decided and this one has folded. */
  readonly onFolded: (inputs: number) => void
}

export interface Deciding {
  readonly correlator: Correlator
  /** The engine in use. */
  readonly engine: () => Engine
}

/** Starts what the role of this process has to do with decisions: take them, wait to take them, or follow them. */
export async function startDeciding(options: DecidingOptions): Promise<Deciding> {
  const { config, data, clock, writer, version, randomId, onTrouble, onFolded, ...rest } = options
  const common = { ...rest, log: data.log, clock, writer, engineVersion, onTrouble }
  const makeEngine = () => engineFrom(data, { version, onTrouble })
  switch (config.role) {
    case 'both': {
      let { engine, resume } = await makeEngine()
      // Others may follow a log that lies elsewhere.
      const report = config.log.startsWith('esdb') ? defaultSharedLimits : undefined
      const renew = async () => {
        ;({ engine, resume } = await makeEngine())
        return { engine, resume }
      }
      const correlator = startCorrelator({ ...common, engine, resume, renew, report, instance: randomId() })
      return { correlator, engine: () => engine }
    }
    case 'correlator':
    case 'reader': {
      const { takeoverMs } = config.limits
      const correlator = await shareDeciding({
        ...common,
        makeEngine,
        mayDecide: config.role === 'correlator',
        newInstance: randomId,
        onFolded,
        limits: { ...rest.limits, takeoverMs },
      })
      return { correlator, engine: () => correlator.engine() }
    }
  }
}
