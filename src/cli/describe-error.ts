import { ConfigError } from '../config/config.ts'
import { DiskFullError } from '../event-log/disk-room.ts'
import {
  AppendRefusedError,
  ArchivedError,
  DamagedRecordError,
  LogUnavailableError,
} from '../event-log/event-log.ts'
import { ImportError } from '../ingest/import-error.ts'
import { CorrelatorReplacedError, DecisionDiffersError } from '../pipeline/fenced-appends.ts'
import { EngineUnfitError } from '../pipeline/parked-inputs.ts'
import { VaultError } from '../vault/vault-error.ts'
import { CliError } from './context.ts'

/** Errors that say themselves what to do. */
const plainErrors = [
  CliError,
  ConfigError,
  AppendRefusedError,
  ArchivedError,
  DamagedRecordError,
  DiskFullError,
  LogUnavailableError,
  ImportError,
  CorrelatorReplacedError,
  DecisionDiffersError,
  EngineUnfitError,
  VaultError,
]

/** One line for what an operator can deal with; the whole trace for what only a programmer can. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (plainErrors.some((kind) => error instanceof kind)) return error.message
  return error.stack ?? error.message
}
