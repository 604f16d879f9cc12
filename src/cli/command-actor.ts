import type { CliContext } from './context.ts'

const maxActorChars = 100

/** Who runs a command, as far as the environment tells; never the name of a user or a key. */
export function commandActor({ env }: Pick<CliContext, 'env'>): string {
  const user = env['USER'] ?? env['USERNAME']
  return (user === undefined ? 'cli' : `cli:${user}`).slice(0, maxActorChars)
}
