// http-proxy-3 with an agent that keeps connections alive.
import { Agent, createServer } from 'node:http'
import { createProxyServer } from 'http-proxy-3'

const { PORT = '0', UPSTREAM_PORT = '0' } = process.env
const proxy = createProxyServer({
  target: `http://127.0.0.1:${UPSTREAM_PORT}`,
  agent: new Agent({ keepAlive: true, maxSockets: 256, maxFreeSockets: 256 }),
  xfwd: true,
})
const server = createServer((request, response) => void proxy.web(request, response))
server.keepAliveTimeout = 3_600_000
server.requestTimeout = 0
server.listen(Number(PORT), '127.0.0.1')
