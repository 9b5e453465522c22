import { once } from 'node:events'
import { connect } from 'node:net'
import { spawnTied } from './spawn-tied.ts'
import { until } from './until.ts'
import { freePort } from './free-port.ts'

/** A Redis server of a test's own, without a file. */
export interface RedisServer {
  /** For `REDIS_URL`. */
  readonly url: string
  stop(): Promise<void>
}

/** Starts Redis on a free loopback port. `program` is the full path of `redis-server`. */
export async function startRedis(program: string): Promise<RedisServer> {
  const port = await freePort()
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const server = spawnTied({ name: 'redis', command: [program, ...options], endSignal: 'SIGTERM' })
  await until('Redis answers', () => answers(port), 30_000)
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      const ended = once(server, 'exit')
      server.kill()
      await ended
    },
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => {
      resolve(false)
    })
  })
}
