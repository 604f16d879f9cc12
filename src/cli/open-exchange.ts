import type { Config } from '../config/config.ts'
import { createOrderExchange, type OrderExchange } from '../exchange/order-exchange.ts'
import type { OpenData } from './open-data.ts'
import { firstOf } from './rows-tag.ts'

interface ExchangeOptions {
  readonly config: Config
  /** The wall clock. */
  readonly nowMs: () => number
  readonly onTrouble: (error: unknown) => void
}

/** The exchange with the order systems that are configured; none where there are none. It begins with `start`. */
export async function openExchange(
  { log, openExchange: open }: OpenData,
  { config, nowMs, onTrouble }: ExchangeOptions,
): Promise<OrderExchange | undefined> {
  const { orderSystems: systems } = config
  if (systems.length === 0) return undefined
  const logName = await firstOf(log)
  return createOrderExchange({ systems, log, logName, table: open(), nowMs, onTrouble })
}
