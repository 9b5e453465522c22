import { describe, expect, test } from '@jest/globals'
import type { Exchange } from '@postern/exchange'
import type { ResponseRate } from '@postern/routing-table'
import type { Respond, Upstream } from '../upstream.ts'
import { until } from '../until.ts'
import { requestTo, type EngineBench } from './bench.ts'

const BODY = Array.from({ length: 20_000 }, (_, i) => String(i).padStart(10, '.')).join('')

/** Answers that leave at a rate. Times are lower bounds: a slow machine is never too fast. */
export function rateSuite(bench: EngineBench): void {
  describe('a rate for the body', () => {
    async function relaying(rate: ResponseRate, respond: Respond) {
      const upstream = await bench.upstream(respond)
      const { port } = await bench.listen((exchange) => relay(exchange, upstream, rate))
      return { port, upstream }
    }
    async function relay(exchange: Exchange, { endpoint }: Upstream, rate: ResponseRate): Promise<void> {
      const { outcomes } = bench
      const response = await bench.engine.send(exchange, requestTo(endpoint, exchange))
      const result = await bench.engine.relay(exchange, response, rate)
      outcomes.push({ exchange, result })
    }
    const bodyOf = (received: string): string => received.split('\r\n\r\n')[1] ?? ''
    const took = async (work: () => Promise<unknown>): Promise<number> => {
      const begin = performance.now()
      await work()
      return performance.now() - begin
    }

    // 200,000 bytes, of which a tenth of a second’s worth goes at once.
    test.each<[string, Respond]>([
      ['with a length', (_, response) => response.setHeader('content-length', BODY.length).end(BODY)],
      [
        'in chunks',
        (_, response) => {
          response.write(BODY)
          response.end()
        },
      ],
    ])('%s: the whole body, and no faster', async (_, respond) => {
      const { port } = await relaying({ bytesPerSecond: 400_000, afterBytes: 0 }, respond)
      const client = await bench.connect({ port })
      const ms = await took(async () => {
        client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
        expect((await client.readResponse()).body === BODY).toBe(true)
      })
      expect(ms).toBeGreaterThan(380)
      await until('the exchange is over', () => bench.outcomes.length === 1)
      expect(bench.outcomes[0]?.result).toEqual({ status: 200, bodyBytes: BODY.length, complete: true })
    })
    test('a small answer is paced too, and the connection goes on', async () => {
      const { port } = await relaying({ bytesPerSecond: 2_000, afterBytes: 0 }, (_, response) =>
        response.end(BODY.slice(0, 1_000)),
      )
      const client = await bench.connect({ port })
      for (let i = 0; i < 2; i++) {
        const ms = await took(async () => {
          client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
          expect((await client.readResponse()).body).toBe(BODY.slice(0, 1_000))
        })
        expect(ms).toBeGreaterThan(380)
      }
    })
    test('what comes before `afterBytes` does not wait for the rest', async () => {
      const { port } = await relaying({ bytesPerSecond: 1, afterBytes: 100_000 }, (_, response) =>
        response.setHeader('content-length', BODY.length).end(BODY),
      )
      const client = await bench.connect({ port })
      client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      // The head and a single byte beyond them.
      const received = await client.readUntil((text) => bodyOf(text).length > 100_000)
      expect(bodyOf(received)).toBe(BODY.slice(0, 100_001))
      client.close()
      await until('the exchange is over', () => bench.outcomes.length === 1)
      expect(bench.outcomes[0]?.result).toMatchObject({ complete: false })
    })
    test('the upstream is held back meanwhile', async () => {
      let written = 0
      const { port } = await relaying({ bytesPerSecond: 1, afterBytes: 0 }, (_, response) => {
        const fill = (): void => {
          while (written < 400 && response.write(BODY)) written++
        }
        response.on('drain', fill)
        fill()
      })
      const client = await bench.connect({ port })
      client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      await client.readUntil((text) => text.includes('\r\n\r\n'))
      let last = -1
      // Kernels keep some mebibytes; then it stands still.
      await until('the upstream stands still', () => last === (last = written), 10_000)
      expect(written).toBeLessThan(400)
    })
    test('an answer without a body is not waited for', async () => {
      const { port } = await relaying({ bytesPerSecond: 1, afterBytes: 0 }, (_, response) =>
        response.setHeader('content-length', 1_000).end(),
      )
      const client = await bench.connect({ port })
      client.write('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n')
      expect((await client.readResponse('HEAD')).status).toBe(200)
    })
  })
}
