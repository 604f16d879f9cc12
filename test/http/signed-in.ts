import type { StartedApp } from '../scenario/start-app.ts'

/** What a browser sends once it is signed in. */
export interface Browser {
  readonly cookie: string
  readonly csrfToken: string
  /** Headers of a request that changes something. */
  readonly headers: Readonly<Record<string, string>>
}

export const password = 'correct horse battery'

/** Adds a user as the store does, whoever may. */
export async function addUser(
  { services }: StartedApp,
  user: string,
  rights: Partial<Parameters<StartedApp['services']['access']['users']['add']>[0]> = {},
): Promise<void> {
  const outcome = await services.access.users.add({
    user,
    roles: ['agent'],
    personalData: false,
    password,
    ...rights,
  })
  if (outcome.kind !== 'done') throw new Error(outcome.kind)
}

export async function signIn(
  { app }: Pick<StartedApp, 'app'>,
  user: string,
  typed = password,
): Promise<Browser> {
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/session',
    payload: { user, password: typed },
  })
  if (answer.statusCode !== 201) throw new Error(answer.body)
  const cookie = cookieIn(answer.headers['set-cookie'])
  const { csrfToken } = answer.json<{ csrfToken: string }>()
  return { cookie, csrfToken, headers: { cookie, 'x-csrf-token': csrfToken } }
}

/** `name=value` of what a browser is told to keep. */
export function cookieIn(header: string | readonly string[] | undefined): string {
  return String([header].flat()[0]).split(';', 1)[0] ?? ''
}
