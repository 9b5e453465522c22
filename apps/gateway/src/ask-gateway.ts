import { request as sendHttp, type IncomingMessage } from 'node:http'
import { request as sendHttps } from 'node:https'
import type { Answer, ExplainRequest } from '@postern/explain'

const TIMEOUT_MS = 5_000
const BODY_LIMIT = 65_536

/** Plays one request at a running gateway: its address from `url`, everything else as written, nothing followed. */
export function askGateway(url: URL, request: ExplainRequest): Promise<Answer> {
  const { method, target, authority, headers, serverName } = request
  const options = {
    ...{ host: url.hostname.replace(/^\[|\]$/g, ''), method, path: target },
    ...{ setHost: false, timeout: TIMEOUT_MS },
    headers: ['Host', authority, 'Postern-Explain', '1', ...headers.flat()],
  }
  // Routing is asked about, not whom the certificate is for; `explain tls` tells that.
  const asked =
    url.protocol === 'https:'
      ? sendHttps({ ...options, port: portOf(url, 443), servername: serverName, rejectUnauthorized: false })
      : sendHttp({ ...options, port: portOf(url, 80) })
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void =>
      reject(
        new Error(`${url.host} did not answer ${method} ${target} (${error.message}): is it running there?`, {
          cause: error,
        }),
      )
    asked.once('response', (response) => {
      readAnswer(response).then(resolve, fail)
    })
    asked.once('timeout', () => asked.destroy(new Error(`nothing came within ${String(TIMEOUT_MS)} ms`)))
    asked.once('error', fail)
    asked.end()
  })
}

function portOf({ port }: URL, standard: number): number {
  return port === '' ? standard : Number(port)
}

/** Whoever streams without end is not listened to for long: the first part says who it is. */
async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const { statusCode = 0, headers, socket } = response
  const from = socket.localAddress?.replace(/^::ffff:/, '')
  let body = ''
  response.setEncoding('latin1')
  for await (const chunk of response) {
    body += String(chunk)
    if (body.length >= BODY_LIMIT) break
  }
  const trace = headers['postern-explain']
  return {
    status: statusCode,
    body,
    ...(headers.location !== undefined && { location: headers.location }),
    ...(headers['content-type'] !== undefined && { contentType: headers['content-type'] }),
    ...(typeof trace === 'string' && { trace }),
    ...(from !== undefined && { from }),
  }
}
