import type { Scenario } from './scenario.ts'

export const newConnection: Scenario = {
  name: 'new-connection',
  title: 'HTTP/1.1, small GET, a new TCP connection each',
  path: '/',
  headers: ['Connection: close'],
  targets: [
    'nginx',
    'nginx, gateway work',
    'haproxy',
    '@fastify/http-proxy',
    'node-engine',
    'http-engine',
    'postern',
  ],
  goals: [{ target: 'postern', than: 'nginx, gateway work', floor: 0.6, aim: 0.75 }],
}
