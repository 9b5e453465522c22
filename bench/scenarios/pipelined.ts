import type { Scenario } from './scenario.ts'

export const pipelined: Scenario = {
  name: 'pipelined',
  title: 'HTTP/1.1, small GET on a route whose upstream connections are shared by 16 requests',
  path: '/',
  targets: [
    'nginx',
    'nginx, gateway work',
    '@fastify/http-proxy',
    'http-engine',
    'http-engine, pipelining 16',
    'postern',
    'postern, pipelined route',
  ],
  goals: [{ target: 'postern, pipelined route', than: 'nginx, gateway work', floor: 1.3, aim: 1.7 }],
}

/** The same before an upstream that gathers its answers: then sharing saves reads too. */
export const pipelinedGathered: Scenario = {
  ...pipelined,
  name: 'pipelined-gathered',
  title: `${pipelined.title}, and who gathers its answers`,
  upstream: 'gathering',
}
