import { expect, onTestFinished, test } from 'vitest'
import { startStandIn } from '../event-log/esdb-stand-in/stand-in.ts'
import { runCli } from './run-cli.ts'

test('log grant lets one more user read $all, keeps what others may, and changes nothing when made again', async () => {
  const standIn = await startStandIn()
  onTestFinished(() => standIn.close())
  const env = { CAUSEWAY_LOG_ADMIN: standIn.connectionString }
  const writtenTo = (stream: string) =>
    standIn.store.stream(stream).map(({ data }) => JSON.parse(Buffer.from(data).toString()) as unknown)

  expect(await runCli(['log', 'grant', 'ann'], { env })).toMatchObject({ exitCode: 0, stderr: '' })
  expect(await runCli(['log', 'grant', 'causeway', '--only'], { env })).toMatchObject({ exitCode: 0 })
  expect(await runCli(['log', 'grant', 'causeway', '--only'], { env })).toMatchObject({ exitCode: 0 })
  expect(writtenTo('$$$all')).toEqual([
    { $acl: { $r: ['$admins', 'ann'] } },
    { $acl: { $r: ['$admins', 'ann', 'causeway'] } },
  ])
  expect(writtenTo('$settings')).toEqual([
    {
      $systemStreamAcl: { $r: '$admins', $w: '$admins', $d: '$admins', $mr: '$admins', $mw: '$admins' },
      $userStreamAcl: { $r: 'causeway', $w: 'causeway', $d: '$admins', $mr: '$admins', $mw: '$admins' },
    },
  ])
})

test('log grant says what is missing, and never a password (S1)', async () => {
  const unnamed = await runCli(['log', 'grant', 'causeway'])
  expect(unnamed).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('CAUSEWAY_LOG_ADMIN') as string,
  })
  const standIn = await startStandIn()
  onTestFinished(() => standIn.close())
  standIn.faults.next('read', 'denied')
  const server = standIn.connectionString.replace('://', '://admin:changeit@')
  const { exitCode, stderr } = await runCli(['log', 'grant', 'causeway', '--server', server])
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/does not accept the credentials/)
  expect(stderr).not.toContain('changeit')
})
