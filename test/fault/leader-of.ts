import gossip from '@eventstore/db-client/generated/gossip_pb.js'
import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js'
import shared from '@eventstore/db-client/generated/shared_pb.js'
import { credentials } from '@grpc/grpc-js'

const answerMs = 2_000

/** The node that leads, as `host:port`, by what the first of these nodes that answers has heard; `undefined` while none does. */
export async function leaderOf(hosts: readonly string[]): Promise<string | undefined> {
  for (const host of hosts) {
    const members = await membersBy(host)
    const leader = members.find(
      (member) => member.getIsAlive() && member.getState() === gossip.MemberInfo.VNodeState.LEADER,
    )
    const end = leader?.getHttpEndPoint()
    if (end !== undefined) return `${end.getAddress()}:${end.getPort()}`
  }
  return undefined
}

/** Nobody, where the node does not answer. */
function membersBy(host: string): Promise<readonly gossip.MemberInfo[]> {
  const client = new gossipService.GossipClient(host, credentials.createInsecure())
  return new Promise((resolve) => {
    client.waitForReady(Date.now() + answerMs, (unready) => {
      if (unready !== undefined) return done([])
      client.read(new shared.Empty(), (error, cluster) =>
        done(error === null ? cluster.getMembersList() : []),
      )
    })
    const done = (members: readonly gossip.MemberInfo[]) => {
      client.close()
      resolve(members)
    }
  })
}

/** The hosts of a connection string, as `host:port`. */
export function hostsOf(connectionString: string): readonly string[] {
  const hosts = /^\w+(?:\+discover)?:\/\/(?:[^/?]*@)?([^/?]+)/.exec(connectionString)?.[1] ?? ''
  return hosts.split(',')
}
