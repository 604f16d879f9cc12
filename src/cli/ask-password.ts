import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { newPassword } from '../../schemas/user.ts'
import { CliError, type CliContext } from './context.ts'

/**
 * A new password: on a terminal asked for twice without being shown, else the first line of standard input. Throws `CliError`
 * where it cannot be used.
 */
export async function askNewPassword(user: string, context: CliContext): Promise<string> {
  const isTerminal = 'isTTY' in context.stdin && context.stdin.isTTY === true
  const [typed, again] = isTerminal ? await askTwice(user, context) : await firstLine(context)
  if (typed !== again) throw new CliError('the two passwords differ; nothing was changed')
  const judged = newPassword.safeParse(typed)
  if (!judged.success) {
    throw new CliError(
      `the password ${judged.error.issues[0]?.message ?? 'cannot be used'}; nothing was changed`,
    )
  }
  return judged.data
}

async function askTwice(user: string, { stdin, stderr, stopSignal }: CliContext): Promise<[string, string]> {
  // What the terminal is to show goes nowhere, so nothing that is typed is shown.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: stdin, output: nowhere, terminal: true })
  // Line by line, a terminal that is closed or Ctrl-C ends the question instead of leaving it open.
  const gone = new AbortController()
  lines.once('close', () => gone.abort())
  const ask = async (question: string): Promise<string> => {
    stderr.write(question)
    const answer = await lines.question('', { signal: AbortSignal.any([stopSignal, gone.signal]) })
    stderr.write('\n')
    return answer
  }
  try {
    return [await ask(`Password for ${user}: `), await ask('Once more: ')]
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') {
      stderr.write('\n')
      throw new CliError('stopped; nothing was changed')
    }
    throw error
  } finally {
    lines.close()
  }
}

async function firstLine({ stdin }: CliContext): Promise<[string, string]> {
  for await (const line of createInterface({ input: stdin })) return [line, line]
  throw new CliError('standard input holds no password: write one line to it, or run this on a terminal')
}
