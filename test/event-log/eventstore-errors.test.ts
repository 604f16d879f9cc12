import { expect, test } from 'vitest'
import { failureOf, toLogError } from '../../src/event-log/eventstore-errors.ts'
import { AppendRefusedError, LogUnavailableError } from '../../src/event-log/event-log.ts'

/** As gRPC throws it, where the client has not put it into a class of its own. */
const raw = (code: number, message: string) => Object.assign(new Error(`${code} ${message}`), { code })

test.each([
  ['a server that is down', raw(14, 'UNAVAILABLE: No connection established'), 'away'],
  ['one that is starting', raw(2, 'UNKNOWN: Server Is Not Ready'), 'away'],
  ['one that is not the leader', raw(5, 'NOT_FOUND: Leader info available'), 'away'],
  ['one that was too slow', raw(4, 'DEADLINE_EXCEEDED'), 'away'],
  ['one that reset the call', raw(13, 'INTERNAL: Received RST_STREAM with code 2'), 'away'],
  ['one whose answer came twice', raw(12, 'UNIMPLEMENTED: Too many responses received'), 'away'],
  ['one that lacks what is asked of it', raw(12, 'UNIMPLEMENTED'), 'refused'],
  ['a cluster in which no node is found', new Error('Failed to discover after 10 attempts.'), 'away'],
  ['wrong credentials', raw(16, 'UNAUTHENTICATED'), 'refused'],
  ['credentials without the right', raw(7, 'PERMISSION_DENIED: Access Denied'), 'refused'],
  [
    'a message beyond what gRPC takes',
    raw(8, 'RESOURCE_EXHAUSTED: Received message larger than max'),
    'too-large',
  ],
  [
    'a position beside a record',
    raw(3, 'INVALID_ARGUMENT: Trying to read from an invalid position.'),
    'bad-position',
  ],
  ['an error of this program', new TypeError('undefined is not a function'), 'other'],
])('%s is told from the others', (_, error, kind) => {
  expect(failureOf(error).kind).toBe(kind)
})

test('what is no answer of the server keeps its type', () => {
  const refused = new AppendRefusedError('bad-id', 'no UUID')
  expect(toLogError('esdb://h', refused)).toBe(refused)
  expect(toLogError('esdb://h', raw(16, 'UNAUTHENTICATED'))).toBeInstanceOf(LogUnavailableError)
  expect(toLogError('esdb://h', raw(3, 'invalid position'))).toBeInstanceOf(RangeError)
})
