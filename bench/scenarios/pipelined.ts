import type { Scenario } from './scenario.ts'

export const pipelined: Scenario = {
  name: 'pipelined',
  title: 'HTTP/1.1, small GET on a route whose upstream connections are shared by 16 requests',
  path: '/',
  targets: [
    'nginx',
    'nginx, gateway work',
    'http-engine',
    'http-engine, pipelining 16',
    'postern, pipelining 16',
  ],
  goals: [{ target: 'postern, pipelining 16', than: 'nginx, gateway work', floor: 1.3, aim: 1.7 }],
}
