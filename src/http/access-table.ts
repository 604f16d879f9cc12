import { roles, type Role } from '../../schemas/role.ts'

/** Something that people or systems are here to do, who may do it, and by which routes. */
export interface Right {
  /** Completes "may …". */
  readonly may: string
  readonly roles: readonly Role[]
  /** Method and path under /v1, as they are registered. */
  readonly routes: readonly string[]
}

const everybody = roles.filter((role) => role !== 'feed')
const caring = ['agent', 'operations', 'analyst'] as const
const working = ['operations', 'publisher'] as const

/**
 * Who may do what: the whole of it. Rights do not include one another; whoever has several roles has the rights of all. A
 * route that is not here cannot be served. Whether names and numbers are seen unmasked is no right but `personalData`.
 */
export const rights: readonly Right[] = [
  {
    may: 'ask who they are, sign out, and change their own password',
    roles,
    routes: ['GET /session', 'DELETE /session', 'POST /session/password'],
  },
  {
    may: 'see outages, the network, and what is published',
    roles: everybody,
    routes: [
      'GET /outages',
      'GET /outages/:outageId',
      'GET /outages/:outageId/story',
      'GET /outages/:outageId/notes',
      'GET /clusters',
      'GET /clusters/:clusterId',
      'GET /clusters/:clusterId/story',
      'GET /clusters/:clusterId/notes',
      'GET /elements',
      'GET /elements/:elementId',
      'GET /elements/:elementId/children',
      'GET /elements/:elementId/dependents',
      'GET /elements/:elementId/influence',
      'GET /unknown-elements',
      'GET /alarms',
      'GET /alarms/:alarmSource/:alarmId',
      'GET /unmapped-alarms',
      'GET /causes',
      'GET /cutovers',
      'GET /cutovers/:cutoverId',
      'GET /cutovers/:cutoverId/story',
      'GET /gaps',
      'GET /gaps/:gapId',
      'GET /gaps/:gapId/story',
      'GET /gap-candidates',
      'GET /advisories',
      'GET /advisories/:advisoryId',
      'GET /advisories/:advisoryId/story',
      'GET /places',
      'GET /rulesets',
      'GET /rulesets/active',
      'GET /feeds',
      'GET /feeds/:source/unmapped',
    ],
  },
  {
    may: 'see complaints and what became of them',
    roles: caring,
    routes: [
      'GET /complaints',
      'GET /complaints/:complaintId',
      'GET /complaints/:complaintId/personal',
      'GET /complaints/:complaintId/story',
      'GET /complaints/:complaintId/notes',
      'GET /customers/:customerRef/complaints',
      'GET /outages/:outageId/members',
      'GET /outages/:outageId/silent',
      'GET /clusters/:clusterId/members',
      'GET /orders',
      'GET /orders/:orderId',
      'GET /orders/:orderId/members',
      'GET /orders/:orderId/story',
      'GET /cause-batches',
      'GET /cause-batches/:batchId',
      'GET /cause-batches/:batchId/members',
      'GET /callbacks',
      'GET /corrections',
      'GET /live',
      'POST /live/tickets',
    ],
  },
  {
    may: 'answer customers',
    roles: ['agent'],
    routes: [
      'POST /assist',
      'POST /complaints',
      'POST /complaints/:complaintId/amend',
      'POST /complaints/:complaintId/withdraw',
      'POST /complaints/:complaintId/reply',
      'POST /complaints/:complaintId/callback',
      'GET /callbacks.csv',
    ],
  },
  {
    may: 'find a customer, pass complaints on, and leave notes on them',
    roles: ['agent', 'operations'],
    routes: [
      'POST /customers/find',
      'POST /complaints/:complaintId/dispatch',
      'POST /complaints/:complaintId/note',
    ],
  },
  {
    may: 'take back an act: their own, and operations any',
    roles: ['agent', 'operations', 'publisher'],
    routes: ['POST /acts/:eventId/undo'],
  },
  {
    may: 'watch the shift, analyse, and see figures',
    roles: ['operations', 'analyst'],
    routes: ['GET /noc', 'GET /handover', 'POST /analyses', 'GET /statistics', 'GET /planning/complaints'],
  },
  { may: 'take whole tables out', roles: ['analyst'], routes: ['GET /export/:table'] },
  {
    may: 'work on outages, causes and orders',
    roles: ['operations'],
    routes: [
      'POST /outages/:outageId/acknowledge',
      'POST /outages/:outageId/assign',
      'POST /outages/:outageId/confirm',
      'POST /outages/:outageId/reject',
      'POST /outages/:outageId/words',
      'POST /outages/:outageId/estimate',
      'POST /outages/:outageId/merge',
      'POST /outages/:outageId/note',
      'POST /outages/:outageId/mute',
      'POST /outages/:outageId/unmute',
      'POST /clusters/:clusterId/acknowledge',
      'POST /clusters/:clusterId/assign',
      'POST /clusters/:clusterId/mute',
      'POST /clusters/:clusterId/unmute',
      'POST /feeds/:source/acknowledge',
      'POST /feeds/:feedId/mute',
      'POST /feeds/:feedId/unmute',
      'POST /clusters/:intoId/merge',
      'POST /clusters/:clusterId/split',
      'POST /clusters/:clusterId/note',
      'POST /complaints/:complaintId/confirm',
      'POST /complaints/:complaintId/reject',
      'POST /complaints/:complaintId/resolve',
      'POST /cause-batches',
      'POST /cause-batches/:batchId/undo',
      'POST /orders',
      'POST /orders/:orderId/update',
      'POST /orders/:orderId/resolve',
      'POST /orders/:orderId/return',
      'POST /orders/:orderId/reopen',
      'POST /alarms/:alarmSource/:alarmId/acknowledge',
      'POST /alarms/:alarmSource/:alarmId/shelve',
      'POST /alarms/:alarmSource/:alarmId/unshelve',
    ],
  },
  {
    may: 'publish and withdraw advisories, judge gap candidates, and say when things end',
    roles: working,
    routes: [
      'POST /advisories',
      'POST /advisories/:advisoryId/withdraw',
      'POST /advisories/:advisoryId/note',
      'POST /advisories/:advisoryId/estimate',
      'POST /cutovers/:cutoverId/note',
      'POST /cutovers/:cutoverId/estimate',
      'POST /gaps/:gapId/note',
      'POST /elements/:elementId/note',
      'POST /elements/:elementId/estimate',
      'POST /gap-candidates/:candidateId/accept',
      'POST /gap-candidates/:candidateId/dismiss',
    ],
  },
  {
    may: 'enter works, gaps, elements and places',
    roles: ['publisher'],
    routes: [
      'POST /cutovers',
      'POST /cutovers/:cutoverId/reschedule',
      'POST /cutovers/:cutoverId/start',
      'POST /cutovers/:cutoverId/finish',
      'POST /cutovers/:cutoverId/cancel',
      'POST /gaps',
      'POST /gaps/:gapId/change',
      'POST /gaps/:gapId/close',
      'POST /elements',
      'POST /elements/:elementId/change',
      'POST /elements/:elementId/retire',
      'POST /links',
      'DELETE /links/:elementId/:relation/:dependsOn',
      'POST /places',
    ],
  },
  {
    may: 'tell of single alarms and silent customers',
    roles: ['operations', 'feed'],
    routes: ['POST /alarms', 'POST /silent-customers'],
  },
  {
    may: 'deliver events in bulk',
    roles: ['feed'],
    routes: [
      'POST /events',
      'POST /alarms/snapshot',
      'POST /elements/snapshot',
      'POST /cutovers/snapshot',
      'POST /feeds/:source/heartbeat',
      'POST /feeds/:source/pulls',
    ],
  },
  {
    may: 'see what was refused or parked, and how the exchange of orders goes',
    roles: ['operations', 'administrator'],
    routes: [
      'GET /refused',
      'GET /parked',
      'GET /order-systems',
      'GET /order-systems/:name/dead-letters',
      'POST /order-systems/:name/dead-letters/:letterId/send',
    ],
  },
  {
    may: 'put rules in force, send refused lines again, and make read models again',
    roles: ['administrator'],
    routes: [
      'POST /rulesets',
      'POST /refused/:refusedId/retry',
      'GET /projections',
      'POST /projections/:name/rebuild',
    ],
  },
  {
    may: 'search and export the audit log',
    roles: ['administrator'],
    routes: ['GET /audit', 'GET /audit.csv'],
  },
  {
    may: 'keep users',
    roles: ['administrator'],
    routes: [
      'GET /users',
      'POST /users',
      'POST /users/:user/change',
      'POST /users/:user/password',
      'DELETE /users/:user',
    ],
  },
]

/** Open to whoever asks: how people come in. */
export const openRoutes: readonly string[] = [
  'POST /session',
  'GET /session/oidc',
  'GET /session/oidc/callback',
]

/** Who may call a route. */
export type Access =
  | { readonly kind: 'open' }
  | { readonly kind: 'roles'; readonly roles: readonly Role[]; readonly may: string }

const byRoute: ReadonlyMap<string, Access> = new Map<string, Access>([
  ...openRoutes.map((route) => [route, { kind: 'open' }] as const),
  ...rights.flatMap(({ may, roles: allowed, routes }) =>
    routes.map((route) => [route, { kind: 'roles', roles: allowed, may }] as const),
  ),
])

/**
 * `path` is below /v1, with parameters as `:id`. `HEAD` is `GET` without the body. `undefined`: nobody has said who may.
 */
export function accessTo(method: string, path: string): Access | undefined {
  return byRoute.get(`${method === 'HEAD' ? 'GET' : method} ${path}`)
}
