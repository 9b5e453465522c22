// One of our engines with nothing around it but forwarded headers: the floor under the gateway.
import { GatewayError, type Engine } from '@postern/exchange'
import { createHttpEngine } from '@postern/http-engine'
import { createNodeEngine } from '@postern/node-engine'

const {
  PORT = '0',
  UPSTREAM_PORT = '0',
  ENGINE = 'own',
  TRANSPORT = 'onread',
  PIPELINING = '1',
} = process.env
const transport = TRANSPORT === 'documented' ? 'documented' : 'onread'
const engine: Engine = ENGINE === 'node' ? createNodeEngine() : createHttpEngine({ transport })
const endpoint = { address: '127.0.0.1', port: Number(UPSTREAM_PORT) }
const limits = {
  headTimeoutMs: 60_000,
  bodyIdleTimeoutMs: 60_000,
  keepAliveTimeoutMs: 3_600_000,
  maxHeadBytes: 32_768,
  maxHeaderCount: 100,
  maxRequestsPerConnection: 1_000_000_000,
  maxConnections: 10_000,
}
await engine.listen({ host: '127.0.0.1', port: Number(PORT), limits }, async (exchange) => {
  exchange.requestEdits.set('X-Forwarded-For', exchange.connection.remoteAddress)
  exchange.requestEdits.set('X-Forwarded-Proto', exchange.connection.scheme)
  try {
    const response = await engine.send(exchange, {
      endpoint,
      method: exchange.method,
      target: exchange.path.forwarded + exchange.path.query,
      host: exchange.authority,
      body: 'exchange',
      timeouts: { connectMs: 5_000, readMs: 60_000, sendMs: 60_000 },
      maxResponseHeadBytes: 16_384,
      pipelining: Number(PIPELINING),
    })
    await engine.relay(exchange, response)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    await engine.reply(exchange, { status: 502, headers: [], body: error.code })
  }
})
