import { GatewayError, type Engine, type Exchange, type UpstreamResponse } from '@postern/exchange'
import { relay, reply } from './answer.ts'
import { listen } from './listener.ts'
import { NodeExchange } from './node-exchange.ts'
import { Pools } from './pools.ts'
import { send, type NodeResponse } from './send.ts'
import { sendUpgrade, type UpgradedResponse } from './send-upgrade.ts'
import { TlsContexts } from './tls-contexts.ts'
import { tunnel } from './tunnel.ts'

/** The first engine: servers of node:http, connections to upstreams by undici. Later the twin of our own in tests. */
export function createNodeEngine(): Engine {
  const pools = new Pools()
  const contexts = new TlsContexts()
  return {
    listen: (options, serve) => listen(options, serve, contexts),
    send: async (exchange, request) => {
      const ours = own(exchange)
      const wantsUpgrade = ours.upgrade !== undefined && request.ownHeaders === undefined
      return wantsUpgrade ? sendUpgrade(ours, request) : send(pools, ours, request)
    },
    relay: async (exchange, response, rate) => relay(own(exchange), ownResponse(response), rate),
    tunnel: async (exchange, response, idleMs) => tunnel(own(exchange), upgraded(response), idleMs),
    reply: async (exchange, answer) => reply(own(exchange), answer),
    prune: (isLive) => pools.prune(isLive),
    close: () => pools.close(),
  }
}

function own(exchange: Exchange): NodeExchange {
  if (exchange instanceof NodeExchange) return exchange
  throw new GatewayError('internal', { detail: 'the exchange belongs to another engine' })
}

function ownResponse(response: UpstreamResponse): NodeResponse {
  if ('waitingBody' in response) return response as NodeResponse
  throw new GatewayError('internal', { detail: 'the response belongs to another engine' })
}

function upgraded(response: UpstreamResponse): UpgradedResponse {
  if (response.upgraded && 'socket' in response) return response as UpgradedResponse
  throw new GatewayError('internal', { detail: 'only a 101 can become a tunnel' })
}
