import { elementById } from '../../projections/element-queries.ts'
import { rowsAsOf, type VersionedRows } from '../../projections/rows.ts'
import type { Config } from '../config/config.ts'
import { createOrderExchange, type OrderExchange } from '../exchange/order-exchange.ts'
import type { OpenData } from './open-data.ts'
import { firstOf } from './rows-tag.ts'

interface ExchangeOptions {
  readonly rows: VersionedRows
  readonly config: Config
  /** The wall clock. */
  readonly nowMs: () => number
  readonly onTrouble: (error: unknown) => void
}

/** The exchange with the order systems that are configured; none where there are none. It begins with `start`. */
export async function openExchange(
  { log, openExchange: open }: OpenData,
  { config, rows, nowMs, onTrouble }: ExchangeOptions,
): Promise<OrderExchange | undefined> {
  const { orderSystems: systems, regions } = config
  if (systems.length === 0) return undefined
  const logName = await firstOf(log)
  return createOrderExchange({
    systems,
    regions,
    kindOf: (elementId) => elementById(rowsAsOf(rows, undefined), elementId)?.facts.kind,
    log,
    logName,
    table: open(),
    nowMs,
    onTrouble,
  })
}
