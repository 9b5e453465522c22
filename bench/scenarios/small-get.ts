import type { Scenario } from './scenario.ts'

export const smallGet: Scenario = {
  name: 'small-get',
  title: 'HTTP/1.1, small GET, keep-alive',
  path: '/',
  targets: [
    'nginx',
    'nginx, gateway work',
    'haproxy',
    '@fastify/http-proxy',
    '@fastify/http-proxy, gateway work',
    'http-proxy-3',
    'fast-proxy',
    'node-engine',
    'http-engine',
    'http-engine, documented transport',
    'postern',
    'postern, first engine',
  ],
  goals: [
    { target: 'postern', than: 'nginx, gateway work', floor: 0.75, aim: 1 },
    { target: 'postern', than: '@fastify/http-proxy', floor: 3.5 },
    { target: 'postern', than: '@fastify/http-proxy, gateway work', floor: 3.5 },
  ],
}
