import type { Scenario } from './scenario.ts'

export const pipelined: Scenario = {
  name: 'pipelined',
  title: 'HTTP/1.1, small GET on a route whose upstream connections are shared by 16 requests',
  path: '/',
  targets: ['nginx', 'http-engine', 'http-engine, pipelining 16'],
  // No annotation asks for sharing yet, so the bare engines are compared.
  goals: [{ target: 'http-engine, pipelining 16', than: 'nginx', floor: 1.3, aim: 1.7 }],
}
