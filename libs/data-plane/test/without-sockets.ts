// Run by without-sockets.test.ts in a process of its own, where node:http, node:https, node:net, node:tls and undici
// cannot be loaded: what passes here needs nothing of an engine but the seam.
import assert from 'node:assert/strict'
import { planeWith, text } from './ask.ts'

const plane = planeWith([
  { kind: 'body-limit', maxBytes: 10 },
  { kind: 'redirect', status: 302, when: 'root', location: text('/start') },
  {
    kind: 'cors',
    allowOrigins: ['https://a.example'],
    allowMethods: 'GET',
    allowHeaders: 'X-A',
    allowCredentials: true,
    maxAgeS: 5,
  },
  { kind: 'access', satisfy: 'all', ip: { allow: [], deny: ['203.0.113.0/24'] } },
  { kind: 'rewrite', pattern: '/api(/|$)(.*)', ignoreCase: true, target: '/$2' },
  {
    kind: 'headers',
    request: [{ kind: 'set', name: 'X-In', value: '1' }],
    response: [{ kind: 'set', name: 'X-Out', value: '2' }],
  },
])
assert.equal((await plane.ask({ target: '/', method: 'POST', bodyLength: 11 })).status, 413)
assert.equal((await plane.ask({ target: '/' })).get('location'), 'http://shop.example/start')
assert.equal(
  (await plane.ask({ target: '/x', method: 'OPTIONS', headers: [['Origin', 'https://a.example']] })).status,
  204,
)
assert.equal((await plane.ask({ target: '/x', remoteAddress: '203.0.113.9' })).status, 403)
const answer = await plane.ask({ target: '/api/tasks?q=1' })
assert.deepEqual([answer.status, answer.get('x-out')], [200, '2'])
assert.deepEqual([plane.lastSent.request.target, plane.lastSent.get('x-in')], ['/tasks?q=1', '1'])
assert.equal((await plane.ask({ host: 'nobody.example' })).status, 404)
process.stdout.write('passed\n')
