import type { FastifyInstance } from 'fastify'
import type { Config } from '../config/config.ts'

type Language = 'zh' | 'en'

/** Why somebody came back from a provider without a session. */
const oidcProblems = ['unavailable', 'refused', 'not-entitled'] as const
export type OidcProblem = (typeof oidcProblems)[number]

const words = {
  en: {
    title: 'Sign in to Causeway',
    user: 'Name',
    password: 'Password',
    submit: 'Sign in',
    oidc: 'Sign in with your organisation',
    signedIn: 'You are signed in as',
    goOn: 'Go on',
    signOut: 'Sign out',
    wrong: 'The name or the password is wrong.',
    wait: 'Too many attempts. Seconds to wait:',
    failed: 'Signing in is not possible now.',
    unavailable: 'Your organisation’s sign-in cannot be reached now. Passwords go on working.',
    refused: 'The sign-in was refused or took too long. Try again.',
    'not-entitled': 'You are known, but have no role or no region here. Ask an administrator.',
    other: '中文',
  },
  zh: {
    title: '登录 Causeway',
    user: '用户名',
    password: '密码',
    submit: '登录',
    oidc: '用单位账号登录',
    signedIn: '当前登录用户：',
    goOn: '继续',
    signOut: '退出登录',
    wrong: '用户名或密码错误。',
    wait: '尝试次数过多，请稍候再试。需等待秒数：',
    failed: '目前无法登录。',
    unavailable: '目前无法连接单位登录系统，仍可用密码登录。',
    refused: '登录被拒绝或已超时，请重试。',
    'not-entitled': '已识别您的身份，但您在此没有角色或区域，请联系管理员。',
    other: 'English',
  },
} as const satisfies Record<Language, Record<string, string>>

/** The page where people sign in: nothing inline, nothing from elsewhere. */
export function serveSignIn(app: FastifyInstance, { oidc }: Config): void {
  const hidden = { schema: { hide: true } as object }
  app.get('/sign-in', hidden, async (request, reply) => {
    const { language, problem } = request.query as { readonly language?: unknown; readonly problem?: unknown }
    const chosen = languageOf(language, request.headers['accept-language'])
    return reply
      .type('text/html; charset=utf-8')
      .headers({ vary: 'accept-language', 'cache-control': 'no-store' })
      .send(
        page(
          chosen,
          oidc !== undefined,
          oidcProblems.find((known) => known === problem),
        ),
      )
  })
  app.get('/sign-in/sign-in.js', hidden, async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(script),
  )
  app.get('/sign-in/sign-in.css', hidden, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(style),
  )
}

function languageOf(asked: unknown, accepted: string | undefined): Language {
  if (asked === 'zh' || asked === 'en') return asked
  return /^\s*zh\b/i.test(accepted ?? '') ? 'zh' : 'en'
}

function page(language: Language, hasOidc: boolean, problem: OidcProblem | undefined): string {
  const text = words[language]
  const other = language === 'zh' ? 'en' : 'zh'
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text.title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="sign-in/sign-in.css">
<script src="sign-in/sign-in.js" type="module"></script>
</head>
<body data-wrong="${text.wrong}" data-wait="${text.wait}" data-failed="${text.failed}">
<main>
<h1>${text.title}</h1>
<form id="form" method="post">
<label>${text.user}<input name="user" autocomplete="username" required autofocus></label>
<label>${text.password}<input name="password" type="password" autocomplete="current-password" required></label>
<button>${text.submit}</button>
</form>
${hasOidc ? `<p id="oidc"><a class="button" href="v1/session/oidc">${text.oidc}</a></p>` : ''}
<section id="signed-in" hidden>
<p>${text.signedIn} <b id="who"></b></p>
<p><a id="go-on" class="button" href="docs">${text.goOn}</a></p>
<button id="sign-out" type="button">${text.signOut}</button>
</section>
<p id="problem" role="alert">${problem === undefined ? '' : text[problem]}</p>
<p><a id="other" href="sign-in?language=${other}" lang="${other}">${text.other}</a></p>
</main>
</body>
</html>
`
}

const style = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 22rem; margin: 10vh auto 0; padding: 1rem; }
label { display: block; margin: .8rem 0; }
input, button, .button { font: inherit; width: 100%; padding: .5rem; box-sizing: border-box; }
.button { display: block; text-align: center; border: 1px solid; border-radius: 3px; text-decoration: none; }
#problem { color: #c33; }
[hidden] { display: none; }
`

const script = `const at = (id) => document.getElementById(id)
const texts = document.body.dataset
const asked = new URLSearchParams(location.search).get('next') ?? ''
const target = new URL(asked.startsWith('/') ? asked : 'docs', location.href)
const goal = target.origin === location.origin ? target.pathname + target.search + target.hash : 'docs'
at('go-on').href = goal
at('other').search += asked ? '&next=' + encodeURIComponent(asked) : ''
const oidc = document.querySelector('#oidc a')
if (oidc && asked) oidc.search = '?next=' + encodeURIComponent(goal)

const who = await fetch('v1/session')
const session = who.ok ? await who.json() : undefined
if (session?.csrfToken) {
  at('who').textContent = session.name ?? session.actor
  at('signed-in').hidden = false
  at('form').hidden = true
  if (oidc) oidc.hidden = true
}
at('sign-out').addEventListener('click', async () => {
  await fetch('v1/session', { method: 'DELETE', headers: { 'x-csrf-token': session.csrfToken } })
  location.reload()
})
at('form').addEventListener('submit', async (event) => {
  event.preventDefault()
  at('problem').textContent = ''
  const { user, password } = Object.fromEntries(new FormData(event.target))
  const answer = await fetch('v1/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user, password }),
  })
  if (answer.ok) location.assign(goal)
  else if (answer.status === 429) at('problem').textContent = texts.wait + ' ' + answer.headers.get('retry-after')
  else at('problem').textContent = answer.status < 500 ? texts.wrong : texts.failed
})
`
