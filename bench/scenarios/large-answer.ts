import type { Scenario } from './scenario.ts'

export const largeAnswer: Scenario = {
  name: 'large-answer',
  title: 'HTTP/1.1, answers of 64 KiB',
  path: '/64k',
  targets: [
    'nginx',
    'nginx, gateway work',
    'haproxy',
    '@fastify/http-proxy',
    'node-engine',
    'http-engine',
    'postern',
  ],
  goals: [{ target: 'postern', than: 'nginx, gateway work', floor: 0.75, aim: 1 }],
}
