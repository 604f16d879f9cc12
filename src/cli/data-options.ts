import { Option, type Command } from 'commander'
import { loadConfig, type Config } from '../config/config.ts'
import type { CliContext } from './context.ts'

/** Options of every command that works on a data folder. */
export interface DataOptions {
  readonly data?: string
  readonly config?: string
}

/** Adds `--data` and `--config`. */
export function withDataOptions(command: Command): Command {
  return command
    .addOption(new Option('--data <folder>', 'the data folder (CAUSEWAY_DATA; default: causeway-data)'))
    .addOption(new Option('--config <file>', 'a JSON file of settings (CAUSEWAY_CONFIG)'))
}

/** The configuration as a command line on a data folder has it. */
export function configOf({ data, config }: DataOptions, { env }: CliContext): Config {
  return loadConfig({ flags: { data }, env, file: config })
}
