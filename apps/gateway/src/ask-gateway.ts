import { request as send } from 'node:http'
import type { Answer, ExplainRequest } from '@postern/explain'

const TIMEOUT_MS = 5_000

/** Plays one request at a running gateway: its address from `url`, everything else as written, nothing followed. */
export function askGateway(
  url: URL,
  { method, target, authority, headers }: ExplainRequest,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void =>
      reject(
        new Error(`${url.host} did not answer ${method} ${target} (${error.message}): is it running there?`, {
          cause: error,
        }),
      )
    const asked = send(
      {
        ...{ host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? 80 : Number(url.port) },
        ...{ method, path: target, setHost: false, timeout: TIMEOUT_MS },
        headers: ['Host', authority, ...headers.flat()],
      },
      (response) => {
        response.resume()
        const { statusCode = 0, headers: answered } = response
        response.once('end', () =>
          resolve({
            status: statusCode,
            ...(answered.location !== undefined && { location: answered.location }),
          }),
        )
        response.once('error', fail)
      },
    )
    asked.once('timeout', () => asked.destroy(new Error(`nothing came within ${String(TIMEOUT_MS)} ms`)))
    asked.once('error', fail)
    asked.end()
  })
}
