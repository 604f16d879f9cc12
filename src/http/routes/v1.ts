import type { Api } from '../api.ts'
import type { Services } from '../services.ts'
import { actRoutes } from './acts.ts'
import { advisoryRoutes } from './advisories.ts'
import { alarmRoutes } from './alarms.ts'
import { analysisRoutes } from './analyses.ts'
import { auditRoutes } from './audit.ts'
import { callbackRoutes } from './callbacks.ts'
import { causeRoutes } from './causes.ts'
import { clusterReadRoutes } from './cluster-reads.ts'
import { complaintActRoutes } from './complaint-acts.ts'
import { complaintReadRoutes } from './complaint-reads.ts'
import { complaintRoutes } from './complaints.ts'
import { cutoverRoutes } from './cutovers.ts'
import { elementReadRoutes } from './element-reads.ts'
import { eventRoutes } from './events.ts'
import { exportRoutes } from './exports.ts'
import { feedRoutes } from './feeds.ts'
import { gapRoutes } from './gaps.ts'
import { handoverRoutes } from './handover.ts'
import { inventoryRoutes } from './inventory.ts'
import { noteReadRoutes } from './note-reads.ts'
import { noticeRoutes } from './notices.ts'
import { oidcSessionRoutes } from './oidc-session.ts'
import { operationRoutes } from './operations.ts'
import { orderSystemRoutes } from './order-systems.ts'
import { orderRoutes } from './orders.ts'
import { outageActRoutes } from './outage-acts.ts'
import { outageReadRoutes } from './outage-reads.ts'
import { parkedRoutes } from './parked.ts'
import { placeRoutes } from './places.ts'
import { planningRoutes } from './planning.ts'
import { projectionRoutes } from './projections.ts'
import { publishedReadRoutes } from './published-reads.ts'
import { refusedRoutes } from './refused.ts'
import { remarkRoutes } from './remarks.ts'
import { rulesetRoutes } from './rulesets.ts'
import { sessionRoutes } from './session.ts'
import { statisticsRoutes } from './statistics.ts'
import { userRoutes } from './users.ts'

/** Everything under /v1. */
export const routesOfV1: readonly ((api: Api, services: Services) => void)[] = [
  actRoutes,
  advisoryRoutes,
  alarmRoutes,
  analysisRoutes,
  auditRoutes,
  callbackRoutes,
  causeRoutes,
  clusterReadRoutes,
  complaintActRoutes,
  complaintReadRoutes,
  complaintRoutes,
  cutoverRoutes,
  elementReadRoutes,
  eventRoutes,
  exportRoutes,
  feedRoutes,
  gapRoutes,
  handoverRoutes,
  inventoryRoutes,
  noteReadRoutes,
  noticeRoutes,
  oidcSessionRoutes,
  operationRoutes,
  orderRoutes,
  orderSystemRoutes,
  outageActRoutes,
  outageReadRoutes,
  parkedRoutes,
  placeRoutes,
  planningRoutes,
  projectionRoutes,
  publishedReadRoutes,
  refusedRoutes,
  remarkRoutes,
  rulesetRoutes,
  sessionRoutes,
  statisticsRoutes,
  userRoutes,
]
