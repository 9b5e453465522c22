// fast-proxy with undici behind it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'

type Proxy = (request: IncomingMessage, response: ServerResponse, url: string, options: object) => void
type FastProxy = (options: object) => { proxy: Proxy }

const { PORT = '0', UPSTREAM_PORT = '0' } = process.env
const fastProxy = createRequire(import.meta.url)('fast-proxy') as FastProxy
const { proxy } = fastProxy({
  base: `http://127.0.0.1:${UPSTREAM_PORT}`,
  undici: { connections: 256, pipelining: 1 },
})
const server = createServer((request, response) => proxy(request, response, request.url ?? '/', {}))
server.keepAliveTimeout = 3_600_000
server.listen(Number(PORT), '127.0.0.1')
