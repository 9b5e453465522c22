import { expect, test } from '@jest/globals'
import type { BackendId, Endpoint, MirrorFilter } from '@postern/routing-table'
import { backendAt, hostWith, routeTo, tableOf } from '@postern/testing/table-builder'
import { Plane, planeWith, text } from './ask.ts'

const mirror = (rest: Partial<MirrorFilter> = {}): MirrorFilter => ({
  kind: 'mirror',
  url: text('http://192.0.2.80/copy'),
  body: true,
  ...rest,
})
const BODY = 'x'.repeat(1_048_576)

/** The bodies of the copies, in the order in which they left. */
const copies = ({ engine: { sent } }: Plane): readonly string[] =>
  sent.flatMap(({ request: { target, body } }) =>
    target !== '/copy' ? [] : [typeof body === 'string' ? body : Buffer.from(body).toString()],
  )

test.each([
  ['a body goes along', mirror(), { body: 'hello' }, ['hello']],
  ['a body of a mebibyte, too', mirror(), { body: BODY }, [BODY]],
  ['none where there is none', mirror(), {}, ['none']],
  ['none where it is switched off', mirror({ body: false }), { body: 'hello' }, ['none']],
  ['a larger one stays without a copy', mirror(), { body: `${BODY}x` }, []],
  ['one that turns out to be larger, too', mirror(), { body: `${BODY}x`, bodyLength: undefined }, []],
])('%s', async (_, filter, request, expected) => {
  const plane = planeWith([filter])
  expect((await plane.ask({ method: 'POST', ...request })).status).toBe(200)
  // The fake engine answers at once, so a copy has left by the next turn of the loop.
  await new Promise((resolve) => setImmediate(resolve))
  expect(copies(plane)).toEqual(expected)
  const reason = 'a request was not mirrored: its body is larger than 1048576 bytes, or never came whole'
  expect(plane.warnings).toEqual(expected.length === 0 ? [reason] : [])
})

test('a copy for a Service that is known goes to its endpoints under the name in the URL; nothing is looked up', async () => {
  const filter = mirror({
    url: text('http://shadow.test.svc:8080/copy'),
    backend: 'test/shadow/8080' as BackendId,
  })
  const ask = async (endpoints: readonly Endpoint[]): Promise<Plane> => {
    const backends = [backendAt('test/shadow/8080', endpoints), backendAt('a/shop/80', [SHOP])]
    const hosts = [hostWith('shop.example', [routeTo('a/shop/80', { filters: [filter] })])]
    const plane = new Plane(tableOf({ hosts, backends }))
    expect((await plane.ask()).status).toBe(200)
    await new Promise((resolve) => setImmediate(resolve))
    return plane
  }
  const [SHOP, SHADOW] = [
    { address: '192.0.2.8', port: 8080 },
    { address: '192.0.2.9', port: 8081 },
  ]
  const { engine } = await ask([SHADOW])
  const copy = engine.sent.find(({ request: { target } }) => target === '/copy')
  expect(copy?.request).toMatchObject({ endpoint: SHADOW, host: 'shadow.test.svc:8080' })
  const lost = await ask([])
  expect(copies(lost)).toEqual([])
  expect(lost.warnings).toEqual([expect.stringContaining('test/shadow/8080 has no ready endpoint')])
})

test('bodies that wait for their mirrors are bounded, all routes together; whoever was answered makes room', async () => {
  const plane = planeWith([mirror()])
  const held = Promise.withResolvers<undefined>()
  const { engine } = plane
  const { send } = engine
  engine.send = async (exchange, request) => {
    if (request.target === '/copy') await held.promise
    return send.call(engine, exchange, request)
  }
  for (let i = 0; i < 33; i++) expect((await plane.ask({ method: 'POST', body: BODY })).status).toBe(200)
  expect(plane.warnings).toEqual(['a request was not mirrored: too many bodies wait for their mirrors'])
  held.resolve(undefined)
  await new Promise((resolve) => setImmediate(resolve))
  expect(copies(plane)).toHaveLength(32)
  await plane.ask({ method: 'POST', body: 'small' })
  await new Promise((resolve) => setImmediate(resolve))
  expect(copies(plane).at(-1)).toBe('small')
})
