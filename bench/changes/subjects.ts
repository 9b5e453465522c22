import type { ChildProcess } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serveCommand } from '../lib/gateway.ts'
import { gatewayConfig } from '../lib/nginx.ts'
import { start } from '../lib/processes.ts'
import { hostOf, writeHost, writeHosts } from './hosts-on-disk.ts'

/** A proxy that knows ten thousand hosts, and how it is told of one more. */
export interface Subject {
  readonly name: string
  readonly child: ChildProcess
  /** What a host that was added answers; before, it is another status. */
  readonly added: number
  /** A host that answers 200 all the time. */
  readonly steady: string
  /** `instead`: the host that came last goes. */
  add(host: string, instead?: boolean): void
  /** How many tables it said it took; absent where it says nothing of the kind. */
  tables?(): number
}

export function startPostern(folder: string, port: number, upstream: number): Subject {
  const manifests = join(folder, 'manifests')
  const log = join(folder, 'postern.log')
  writeHosts(manifests, upstream)
  const child = start(serveCommand(manifests, port), {
    core: '0,1',
    env: { NODE_ENV: 'production' },
    log,
  })
  return {
    ...{ name: 'postern', child, added: 200, steady: hostOf('app-2') },
    tables: () => readFileSync(log, 'utf8').split('"msg":"table"').length - 1,
    add: (name, instead) => writeHost(manifests, name, upstream, instead ? 'latest' : name),
  }
}

export function startNginx(folder: string, port: number, upstream: number): Subject {
  const config = gatewayConfig(folder, port, upstream)
  const single = readFileSync(config, 'utf8')
  // Only a master can take a new configuration without a pause.
  writeFileSync(config, single.replace('master_process off;', 'master_process on;'))
  const child = start(['nginx', '-c', config], { core: '0,1', log: join(folder, 'nginx.log') })
  const add = (name: string): void => {
    const text = readFileSync(config, 'utf8')
    const end = text.lastIndexOf('}')
    const server = `server { listen 127.0.0.1:${String(port)}; server_name ${hostOf(name)}; location / { return 204; } }`
    writeFileSync(config, `${text.slice(0, end)}${server}\n}\n`)
    child.kill('SIGHUP')
  }
  return { name: 'nginx', child, added: 204, steady: 'asked.example', add }
}
