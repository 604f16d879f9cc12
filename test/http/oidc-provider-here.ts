import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

export interface ProviderHere {
  readonly issuer: string
  close(): Promise<void>
}

export const client = { id: 'causeway', secret: 'a secret of the client' }

/** The claims of a person, by the name that they sign in with. */
export type People = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** A real provider of OpenID Connect on loopback, with its own pages to sign in: whoever types a name is that person. */
export async function providerHere(people: People, redirectUri: string, port = 0): Promise<ProviderHere> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'roles', 'area'] },
    pkce: { required: () => true },
    cookies: { keys: ['only for tests'] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, ...people[id] }),
    }),
  })
  const handle = provider.callback()
  server.on('request', (request, response) => void handle(request, response))
  return {
    issuer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Goes through the provider's pages as a browser does; gives where it sends the browser back to. */
export async function signInAtProvider(begin: string, person: string, backTo: string): Promise<string> {
  const cookies = new Map<string, string>()
  let url = new URL(begin)
  let form: URLSearchParams | undefined
  for (let steps = 0; steps < 12; steps += 1) {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s)
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    const location = answer.headers.get('location')
    form = undefined
    if (location !== null) {
      url = new URL(location, url)
      if (url.href.startsWith(backTo)) return url.href
      continue
    }
    const page = await answer.text()
    const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1]
    if (action === undefined) throw new Error(`no form: ${answer.status} ${page.slice(0, 500)}`)
    url = new URL(action, url)
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? 'login'
    form = new URLSearchParams({ prompt, ...(prompt === 'login' ? { login: person, password: 'any' } : {}) })
  }
  throw new Error('the provider sends the browser round in circles')
}
