import { randomBytes } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { memoryAccessRecords, type AccessRecords } from '../access/access-records.ts'
import { lmdbAccessRecords } from '../access/lmdb-access-records.ts'
import type { Config } from '../config/config.ts'
import type { Limits } from '../config/limits.ts'
import { diskRoom, type DiskRoom } from '../event-log/disk-room.ts'
import type { EventLog } from '../event-log/event-log.ts'
import { holdFolder } from '../event-log/hold-folder.ts'
import { openLmdbLog } from '../event-log/lmdb-log.ts'
import { openMemoryLog } from '../event-log/memory-log.ts'
import { openLmdbRefusedStore } from '../intake/lmdb-refused-store.ts'
import { memoryExchangeTable, type ExchangeTable } from '../exchange/exchange-store.ts'
import { lmdbExchangeTable } from '../exchange/lmdb-exchange-table.ts'
import { createMemoryRefusedStore, type RefusedLimits, type RefusedStore } from '../intake/refused-store.ts'
import { openLmdbRowStore } from '../row-store/lmdb-row-store.ts'
import { openMemoryRowStore } from '../row-store/memory-row-store.ts'
import type { RowStore } from '../row-store/row-store.ts'
import { lmdbVaultStore } from '../vault/lmdb-vault-store.ts'
import { readMasterKey, readOrMakeMasterKey } from '../vault/master-key.ts'
import { memoryVaultStore } from '../vault/memory-vault-store.ts'
import { remoteVault } from '../vault/remote-vault.ts'
import { createVaultHost, type VaultHost } from '../vault/vault-host.ts'
import { openVault, type Vault } from '../vault/vault.ts'
import { CliError } from './context.ts'

/** The stores of one data folder, held by this process until closed. */
export interface OpenData {
  readonly log: EventLog
  readonly vault: Vault
  /** What answers other processes that share the log, where this one holds customers' keys for them. */
  readonly vaultHost?: VaultHost | undefined
  /** Where the engine's checkpoint lies; none where nothing is kept. */
  readonly checkpointFile: string | undefined
  /** `tag` names the shape of the rows; rows of another shape are dropped, for the log can make them again. */
  openRows(tag: string): Promise<RowStore>
  /** What was refused, for people to look at. `onTrouble` is told where it cannot be kept. */
  openRefused(limits: RefusedLimits, onTrouble: (error: unknown) => void): RefusedStore
  /** What the exchange with order systems must not forget. */
  readonly openExchange: () => ExchangeTable
  /** Users and sessions. */
  readonly openAccess: () => AccessRecords
  close(): Promise<void>
}

/** Where each store lies within the data folder. */
const folders = {
  log: 'log',
  hold: 'hold',
  rows: 'rows',
  refused: 'refused',
  exchange: 'exchange',
  access: 'access',
  vault: 'vault',
  masterKey: 'master.key',
  checkpoint: 'engine.checkpoint',
}

export type DataConfig = Pick<Config, 'data' | 'log' | 'logPrefix' | 'masterKeyFile' | 'vault'> & {
  readonly limits?: Pick<Limits, 'minFreeDiskBytes'>
}

/**
 * Opens the log and the vault, and takes the folder for this process. Throws `CliError` where the folder cannot be used and
 * `LogUnavailableError` where another process holds it.
 */
export async function openData(
  config: DataConfig,
  nowMs: () => number,
  options: OpenOptions = {},
): Promise<OpenData> {
  if (config.log === 'memory') return openInMemory()
  const at = (name: string) => join(config.data, name)
  const room = options.room ?? diskRoom(config.limits)
  const requireRoom = () => room.require(config.data)
  const log = await openLog(config, nowMs, { ...options, room })
  const opened: Closable[] = [log]
  try {
    // The log in the folder holds it; one elsewhere does not keep a second process from the rows and the vault.
    if (isElsewhere(config) && !(options.beside === true && isRemote(config))) {
      makeFolder(config.data)
      opened.push(await holdFolder(config.data, at(folders.hold), nowMs()))
    }
    const { vault, vaultHost } = openKeys(config, at, nowMs, requireRoom)
    opened.unshift(vault)
    return {
      log,
      vault,
      vaultHost,
      checkpointFile: checkpointFileOf(config),
      openRows: async (tag) => {
        const store = await openLmdbRowStore({ folder: at(folders.rows), tag, clock: nowMs, requireRoom })
        opened.unshift(store)
        return store
      },
      openRefused: (limits, onTrouble) => {
        const store = openLmdbRefusedStore(at(folders.refused), limits, onTrouble, requireRoom)
        opened.unshift(store)
        return store
      },
      openExchange: () => lmdbExchangeTable(at(folders.exchange)),
      openAccess: () => {
        const records = openAccessRecords(config, requireRoom)
        opened.unshift(records)
        return records
      },
      close: async () => closeAll(opened),
    }
  } catch (error) {
    await closeAll(opened)
    throw error
  }
}

export interface OpenOptions {
  /** A folder without a log is an error, not a new log. */
  readonly mustExist?: boolean
  /** Beside a process that holds the folder, where neither log nor vault lie in it. */
  readonly beside?: boolean
  /** Told of failures that a log elsewhere gets over by itself. */
  readonly onTrouble?: (error: unknown) => void
  /** Whether the disk has room; left out: what `limits` says. */
  readonly room?: DiskRoom | undefined
}

/** Where the embedded log of a data folder lies. */
export function logFolderOf({ data }: Pick<DataConfig, 'data'>): string {
  return join(data, folders.log)
}

/** Where the engine's checkpoint of a data folder lies. */
export function checkpointFileOf({ data }: Pick<DataConfig, 'data'>): string {
  return join(data, folders.checkpoint)
}

/** What a data folder may hold before its log is put back: what is backed up apart from the log, and lies beside it. */
export const keptBesideLog: readonly string[] = [folders.vault, folders.masterKey, folders.access]

/** Users and sessions of a data folder, whether or not a server uses it. */
export function openAccessRecords(
  { data }: Pick<DataConfig, 'data'>,
  requireRoom?: () => void,
): AccessRecords {
  makeFolder(data)
  return lmdbAccessRecords(join(data, folders.access), requireRoom)
}

/** The log alone. */
export async function openLog(
  config: DataConfig,
  nowMs: () => number,
  { mustExist = false, onTrouble, room = diskRoom(config.limits) }: OpenOptions = {},
): Promise<EventLog> {
  if (isElsewhere(config)) {
    // Loaded only where it is used: gRPC takes longer to load than all the rest.
    const { openEventStoreLog } = await import('../event-log/eventstore-log.ts')
    return openEventStoreLog({
      connectionString: config.log,
      prefix: config.logPrefix,
      ...(onTrouble === undefined ? {} : { onTrouble }),
    })
  }
  const folder = logFolderOf(config)
  if (mustExist && !existsSync(folder)) {
    throw new CliError(`${config.data} holds no log: name the folder with --data`)
  }
  makeFolder(config.data)
  return openLmdbLog({ folder, clock: nowMs, requireRoom: () => room.require(folder) })
}

/** The vault in the folder, or the one of another process. */
function openKeys(
  { masterKeyFile, vault: where = 'own', ...config }: DataConfig,
  at: (name: string) => string,
  nowMs: () => number,
  requireRoom: () => void,
): Pick<OpenData, 'vault' | 'vaultHost'> {
  const keyFile = masterKeyFile ?? at(folders.masterKey)
  if (where !== 'own') {
    return { vault: remoteVault({ url: where, masterKey: readMasterKey(keyFile), nowMs }) }
  }
  const masterKey = readOrMakeMasterKey(keyFile)
  const vault = openVault({ store: lmdbVaultStore(at(folders.vault), requireRoom), masterKey })
  return isElsewhere(config) ? { vault, vaultHost: createVaultHost({ vault, masterKey, nowMs }) } : { vault }
}

function isRemote({ vault = 'own' }: DataConfig): boolean {
  return vault !== 'own'
}

/** Whether the log lies in a server, not in the data folder. */
export function isElsewhere({ log }: Pick<DataConfig, 'log'>): boolean {
  return log.startsWith('esdb')
}

/** Forgets everything, its master key too, when the process ends. */
function openInMemory(): OpenData {
  const log = openMemoryLog()
  const vault = openVault({ store: memoryVaultStore(), masterKey: randomBytes(32) })
  const opened: Closable[] = [vault, log]
  return {
    log,
    vault,
    checkpointFile: undefined,
    openRows: async () => {
      const store = openMemoryRowStore()
      opened.unshift(store)
      return store
    },
    openRefused: (limits) => createMemoryRefusedStore(limits),
    openExchange: memoryExchangeTable,
    openAccess: memoryAccessRecords,
    close: async () => closeAll(opened),
  }
}

interface Closable {
  close(): Promise<void>
}

/** Last opened, first closed: the log, whose hold keeps other processes out, goes last. */
async function closeAll(opened: readonly Closable[]): Promise<void> {
  for (const store of opened) await store.close()
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new CliError(
      `the data folder ${folder} cannot be written (${reason}): choose another with --data, or give this user the right to write there`,
    )
  }
}
