import type { Scenario } from './scenario.ts'

export const post: Scenario = {
  name: 'post',
  title: 'HTTP/1.1, POST of 10 KiB',
  path: '/post',
  script: 'scenarios/post.lua',
  targets: [
    'nginx',
    'nginx, gateway work',
    'haproxy',
    '@fastify/http-proxy',
    'node-engine',
    'http-engine',
    'postern',
  ],
  goals: [{ target: 'postern', than: 'nginx, gateway work', floor: 0.8, aim: 1 }],
}
