import { afterEach, expect, test } from 'vitest'
import { configSchema } from '../../src/config/config.ts'
import { startApp, type StartedApp } from '../scenario/start-app.ts'

let started: StartedApp
afterEach(() => started.stop())

test('the page to sign in has nothing from elsewhere and nothing inline', async () => {
  started = await startApp()
  for (const url of ['/sign-in', '/sign-in/sign-in.js', '/sign-in/sign-in.css']) {
    const answer = await started.app.inject({ url })
    expect(answer.statusCode).toBe(200)
    expect(answer.body).not.toMatch(/https?:\/\/|<script>|style=|onclick/)
    expect(answer.headers['content-security-policy']).toContain("default-src 'self'")
    expect(answer.headers['content-security-policy']).toContain("script-src 'self';")
  }
})

test('speaks Chinese or English, as the browser asks or the reader chooses', async () => {
  started = await startApp()
  const page = async (query: string, language: string) =>
    (await started.app.inject({ url: `/sign-in${query}`, headers: { 'accept-language': language } })).body
  expect(await page('', 'zh-CN,zh;q=0.9,en;q=0.8')).toContain('登录')
  expect(await page('', 'en-GB')).toContain('Sign in')
  expect(await page('?language=en', 'zh-CN')).toContain('lang="en"')
  expect(await page('?language=zh', 'fr')).toContain('lang="zh-CN"')
})

test('offers the provider only where there is one', async () => {
  started = await startApp()
  expect((await started.app.inject({ url: '/sign-in' })).body).not.toContain('session/oidc')
  await started.stop()
  const { oidc, publicUrl } = configSchema.parse({
    publicUrl: 'http://localhost',
    oidc: { issuer: 'https://sso.example', clientId: 'x', roles: { a: ['agent'] } },
  })
  started = await startApp({ config: { oidc, publicUrl } })
  expect((await started.app.inject({ url: '/sign-in' })).body).toContain('href="v1/session/oidc"')
})
