import { request } from 'undici'

const BODY_LIMIT_BYTES = 1024 * 1024

/** An upstream that gave no usable answer. */
export class UpstreamFailure extends Error {
  /** 504 when the deadline passed, else 502. */
  readonly status: 502 | 504

  constructor(status: 502 | 504, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'UpstreamFailure'
    this.status = status
  }
}

/** How one call is made. */
export interface FetchOptions {
  /** For the whole call, from look-up to the last byte. */
  readonly timeoutMs: number
  /** Sent as `x-request-id`, so that both sides' logs can be joined. */
  readonly requestId: string
}

/**
 * GETs `address` and returns the body as text.
 * Throws {@link UpstreamFailure}, whose message is fit for a client: it names no address, only the cause.
 */
export async function fetchMessage(address: URL, { timeoutMs, requestId }: FetchOptions): Promise<string> {
  const deadline = AbortSignal.timeout(timeoutMs)
  try {
    const { statusCode, body } = await request(address, {
      signal: deadline,
      headers: { accept: 'text/plain, */*;q=0.5', 'x-request-id': requestId },
    })
    if (statusCode >= 300) {
      await body.dump()
      throw new UpstreamFailure(502, `The upstream service answered with status ${statusCode}.`)
    }
    return await readText(body)
  } catch (error) {
    if (error instanceof UpstreamFailure) throw error
    if (deadline.aborted) {
      const message = `The upstream service did not answer within ${timeoutMs} ms.`
      throw new UpstreamFailure(504, message, { cause: error })
    }
    throw new UpstreamFailure(502, 'The upstream service could not be reached.', { cause: error })
  }
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let lengthBytes = 0
  for await (const chunk of body) {
    lengthBytes += chunk.length
    if (lengthBytes > BODY_LIMIT_BYTES) {
      throw new UpstreamFailure(
        502,
        `The upstream service answered with more than ${BODY_LIMIT_BYTES} bytes.`,
      )
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
