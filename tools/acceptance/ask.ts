// One request, on a connection of its own, as curl makes it: every name leads to this machine, the authority is ours.
import { keepSecrets } from '@postern/testing/test-logs'
import { request as plainRequest, type IncomingHttpHeaders } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { TLSSocket } from 'node:tls'

export interface Question {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** A string is sent as it is, anything else as JSON. */
  readonly body?: unknown
  /** The authority to trust, PEM. Without it a certificate of ours is refused, as it should be. */
  readonly ca?: string
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The body as JSON; throws when it is none. */
  json(): unknown
  /** Subject alternative names of the server's certificate. */
  readonly certificateNames: string | undefined
}

const DEADLINE_MS = 15_000

export function ask(url: string, question: Question = {}): Promise<Answer> {
  const target = new URL(url)
  const isSecure = target.protocol === 'https:'
  const body = question.body === undefined ? undefined : textOf(question.body)
  const headers: Record<string, string> = { ...question.headers }
  keepSecrets(question.body)
  if (body !== undefined && typeof question.body !== 'string') headers['content-type'] = 'application/json'

  return new Promise((resolve, reject) => {
    const call = (isSecure ? secureRequest : plainRequest)(
      target,
      {
        method: question.method ?? (body === undefined ? 'GET' : 'POST'),
        headers,
        agent: false,
        signal: AbortSignal.timeout(DEADLINE_MS),
        servername: target.hostname,
        ...(question.ca === undefined ? {} : { ca: question.ca }),
        lookup: (_name, options, found) =>
          options.all === true
            ? found(null, [{ address: '127.0.0.1', family: 4 }])
            : found(null, '127.0.0.1', 4),
      },
      (response) => {
        const certificateNames = isSecure
          ? (response.socket as TLSSocket).getPeerCertificate().subjectaltname
          : undefined
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          const json = (): unknown => JSON.parse(text)
          if (/^application\/json\b/.test(response.headers['content-type'] ?? ''))
            keepSecrets(json(), response.headers['set-cookie'])
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json,
            certificateNames,
          })
        })
      },
    )
    call.on('error', reject)
    call.end(body)
  })
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body)
}
