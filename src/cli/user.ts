import { Command, InvalidArgumentError, Option } from 'commander'
import { roles } from '../../schemas/role.ts'
import { commandUserAdd, commandUserChange, userName } from '../../schemas/user.ts'
import { createAccess, type Access } from '../access/access.ts'
import type { User } from '../access/user-record.ts'
import type { UserOutcome } from '../access/users.ts'
import type { Config } from '../config/config.ts'
import { diskRoom } from '../event-log/disk-room.ts'
import { askNewPassword } from './ask-password.ts'
import { commandActor } from './command-actor.ts'
import { CliError, exitCodesHelp, type CliContext } from './context.ts'
import { configOf, withDataOptions, type DataOptions } from './data-options.ts'
import { openAccessRecords } from './open-data.ts'

interface UserOptions extends DataOptions {
  readonly name?: string
  readonly roles?: readonly string[]
  readonly regions?: readonly string[]
  readonly allRegions?: true
  readonly personalData?: boolean
  readonly disabled?: boolean
  readonly json?: true
}

const userHelp = `
People who sign in with a password, kept in the data folder; it may be in use by a server, which knows of a change at once. A
change ends the user's sessions. Passwords are asked for on the terminal, or read from standard input: one line.
${exitCodesHelp}`

/** `causeway user`: who may sign in with a password, and what they may do. */
export function userCommand(context: CliContext): Command {
  const command = new Command('user')
    .description('people who sign in with a password: add, list, change, remove')
    .addHelpText('after', userHelp)
  const onOne = (name: string, description: string, work: Work) =>
    withDataOptions(command.command(name).description(description).argument('<user>')).action(
      (user: string, options: UserOptions) => withUsers(user, options, context, work),
    )
  withRights(onOne('add', 'let somebody sign in; the first one must be an administrator', addUser))
  withDataOptions(command.command('list').description('who may sign in, and what they may do'))
    .option('--json', 'print JSON')
    .action((options: UserOptions) => withUsers('', options, context, listUsers))
  withRights(onOne('set', 'change what somebody may do; what is left out stays', changeUser))
    .option('--all-regions', 'the whole network')
    .option('--no-personal-data', 'masked for them')
    .option('--disabled', 'they cannot sign in any more')
    .option('--no-disabled', 'they can again')
  onOne('password', 'give somebody a new password', setPassword)
  onOne('remove', 'remove somebody; what they have done stays theirs', removeUser)
  return command
}

function withRights(command: Command): Command {
  return command
    .addOption(new Option('--name <name>', 'as people call them'))
    .addOption(new Option('--roles <list>', `divided by commas: ${roles.join(', ')}`).argParser(listOf))
    .addOption(new Option('--regions <list>', 'ids of regions of the configuration').argParser(listOf))
    .addOption(new Option('--personal-data', 'unmasked for them'))
}

function listOf(text: string): string[] {
  return text.split(',').map((part) => part.trim())
}

interface Job {
  readonly typed: string
  readonly options: UserOptions
  readonly config: Config
  readonly access: Access
  readonly context: CliContext
}
type Work = (job: Job) => Promise<void>

async function withUsers(
  typed: string,
  options: UserOptions,
  context: CliContext,
  work: Work,
): Promise<void> {
  const config = configOf(options, context)
  const room = diskRoom(config.limits)
  const records = openAccessRecords(config, () => room.require(config.data))
  try {
    const unrecorded = { actor: commandActor(context), randomId: context.randomId }
    const access = createAccess({ records, limits: config.limits, nowMs: context.nowMs, unrecorded })
    await work({ typed, options, config, access, context })
  } finally {
    await records.close()
  }
}

const addUser: Work = async ({ typed, options, config, access, context }) => {
  const { name, roles: asked, regions, personalData } = options
  const rights = read(commandUserAdd.omit({ password: true }), {
    user: typed,
    name,
    roles: asked ?? [],
    regions,
    personalData,
  })
  requireKnownRegions(config, regions)
  if (config.apiKeys.some((key) => key.name.toLowerCase() === rights.user)) {
    throw new CliError(`an API key is called ${rights.user}: give the user another name`)
  }
  if (access.users.get(rights.user) !== undefined) done({ kind: 'exists' }, rights.user)
  const password = await askNewPassword(rights.user, context)
  done(await access.users.add({ ...rights, password }), rights.user)
  context.stdout.write(`${rights.user} may sign in now\n`)
}

const changeUser: Work = async ({ typed, options, config, access, context }) => {
  const { name, roles: asked, regions, allRegions, personalData, disabled } = options
  if (regions !== undefined && allRegions) throw new InvalidArgumentError('either --regions or --all-regions')
  const user = nameOf(typed)
  requireKnownRegions(config, regions)
  const change = read(commandUserChange, {
    name,
    roles: asked,
    regions: allRegions ? null : regions,
    personalData,
    disabled,
  })
  if (Object.values(change).every((value) => value === undefined)) {
    throw new InvalidArgumentError('say what to change (--help shows what there is)')
  }
  done(access.users.change(user, change), user)
  context.stdout.write(`${user} is changed, and signed out\n`)
}

const setPassword: Work = async ({ typed, access, context }) => {
  const user = nameOf(typed)
  if (access.users.get(user) === undefined) done({ kind: 'unknown' }, user)
  const password = await askNewPassword(user, context)
  done(await access.users.setPassword(user, password), user)
  context.stdout.write(`${user} has the new password, and is signed out\n`)
}

const removeUser: Work = async ({ typed, access, context }) => {
  const user = nameOf(typed)
  done(access.users.remove(user, 'orNone'), user)
  context.stdout.write(`${user} is removed\n`)
}

const listUsers: Work = async ({ options, access, context }) => {
  const users = access.users.list()
  if (options.json) {
    const shown = users.map(({ passwordHash: _hash, ...user }) => user)
    context.stdout.write(`${JSON.stringify(shown)}\n`)
    return
  }
  if (users.length === 0) context.stdout.write('nobody; causeway user add NAME --roles administrator\n')
  for (const user of users) context.stdout.write(`${lineOf(user)}\n`)
}

function lineOf({ user, name, roles: held, regions, personalData, disabled }: User): string {
  const parts = [
    user,
    name ?? '',
    held.join(','),
    regions === undefined ? '' : `regions ${regions.join(',')}`,
    personalData ? 'personal data' : '',
    disabled ? 'disabled' : '',
  ]
  return parts.filter((part) => part !== '').join('  ')
}

function nameOf(typed: string): string {
  return read(userName, typed)
}

/** Throws what says which part of the command line is wrong. */
function read<Output>(
  schema: {
    safeParse(
      value: unknown,
    ):
      | { readonly success: true; readonly data: Output }
      | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } }
  },
  given: unknown,
): Output {
  const judged = schema.safeParse(given)
  if (judged.success) return judged.data
  const [issue] = judged.error.issues
  const where =
    issue?.path[0] === 'roles' ? `--roles (${roles.join(', ')})` : String(issue?.path[0] ?? 'the name')
  throw new InvalidArgumentError(`${where}: ${issue?.message ?? 'is wrong'}`)
}
interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

function requireKnownRegions({ regions }: Config, asked: readonly string[] | undefined): void {
  const unknown = asked?.find((id) => !regions.some((region) => region.id === id))
  if (unknown !== undefined)
    throw new InvalidArgumentError(`--regions: the configuration has no region ${unknown}`)
}

function done(outcome: UserOutcome, user: string): void {
  switch (outcome.kind) {
    case 'done':
      return
    case 'unknown':
      throw new CliError(`there is no user ${user}`)
    case 'exists':
      throw new CliError(`there is a user ${user} already: change it with "causeway user set"`)
    case 'full':
      throw new CliError('there are as many users as there may be (maxUsers)')
    case 'no-administrator':
      throw new CliError(
        'an administrator must remain who is not disabled, and the first user is one (--roles administrator)',
      )
  }
}
