import { z } from 'zod'

const ms = z.int().min(0)
const count = z.int().min(1)

/** How much of anything there may be, and how long it may take. */
export const limits = z.strictObject({
  /** A complaint's answer is awaited this long before the server says 202. */
  answerWaitMs: ms.default(2_000),
  /** What happened further ahead than this is a broken clock, and refused. */
  maxFutureMs: ms.default(300_000),
  /** Of one request that is no stream. */
  maxBodyBytes: count.default(1_048_576),
  /** Of one line of a bulk request. */
  maxLineBytes: count.default(65_536),
  /** Of one source's list of active alarms. */
  maxSnapshotBytes: count.default(67_108_864),
  /** Objects and arrays within one another. */
  maxDepth: count.default(20),
  /** A body that is no stream must have come within this time, and an answer must have been taken. */
  requestTimeoutMs: ms.default(30_000),
  /** A bulk request of which nothing comes for this long is ended. */
  bulkSilenceMs: ms.default(60_000),
  /** Lines stored at once out of a bulk request. */
  bulkBatchLines: count.default(1_000),
  /** A bulk request is read on only while the engine is this close behind the log. */
  bulkMaxLagEvents: count.default(200),
  /** The same while nobody has asked for a complaint's answer for `bulkAskedMs`. */
  bulkMaxLagUnaskedEvents: count.default(10_000),
  bulkAskedMs: ms.default(60_000),
  /** Requests in bulk at the same time; others are told to come back. */
  maxBulkRequests: count.default(4),
  /** Refused lines kept to be listed and sent again; the oldest are dropped and counted. */
  maxRefusedLines: count.default(10_000),
  maxRefusedBytes: count.default(33_554_432),
  /** Refused sign-ins and requests of one kind that go into the audit log within a minute; the rest is counted in the next one. */
  maxRefusalsRecordedAMinute: count.default(60),
  /** Readers of the live feed. */
  maxLiveClients: count.default(500),
  /** Changes kept for a live client that is slow; beyond it the client is reset with a snapshot. */
  maxLiveBacklog: count.default(1_000),
  /** Live messages kept so that a client that lost its line resumes without a reset. */
  maxLiveHistory: count.default(5_000),
  liveHeartbeatMs: ms.default(15_000),
  /** A live client that takes nothing for this long is hung up. */
  liveStallMs: ms.default(60_000),
  /** A source has been stale, or well again, for so long before that is recorded: what comes and goes is no news. */
  feedSteadyMs: ms.default(60_000),
  pageSize: count.default(50),
  maxPageSize: count.default(500),
  /** Of a dialler's list; what is behind them is in the next one, once these have been called. */
  maxDiallerRows: z.int().min(1).max(1_000).default(1_000),
  maxPlaceMatches: count.default(20),
  /**
   * A checkpoint of the engine is taken beside the server after so many inputs, so that a restart after a crash has few of them to
   * take in again; smaller logs need none.
   */
  checkpointEveryInputs: count.default(20_000),
  /** Room left free on the disk: below it nothing is written, input is refused with 503, and reads go on. */
  minFreeDiskBytes: ms.default(67_108_864),
  /**
   * Inputs lie undecided for so long while nothing is heard of the process that should decide them: a standby takes over.
   * Longer than a server of the log is away when it elects a leader, which takes about 5 s.
   */
  takeoverMs: z.int().min(100).default(10_000),
  /** People whose passwords are kept here. */
  maxUsers: count.default(2_000),
  /** A session ends when it has not been used for so long, and after `sessionMs` whatever its use. */
  sessionIdleMs: ms.default(7_200_000),
  sessionMs: ms.default(43_200_000),
  /** Of one person; one more ends the oldest. */
  maxSessionsPerUser: count.default(10),
  maxSessions: count.default(20_000),
  /** Failed sign-ins of one name, and from one address, within `signInWindowMs`; further attempts are told to wait. */
  maxSignInsPerAccount: count.default(10),
  maxSignInsPerAddress: count.default(100),
  signInWindowMs: ms.default(900_000),
  /** Passwords compared at the same time, each with 19 MiB. */
  maxPasswordChecks: count.default(8),
  /** Time in which an orderly stop must be done. */
  stopMs: ms.default(10_000),
})

export type Limits = z.infer<typeof limits>
