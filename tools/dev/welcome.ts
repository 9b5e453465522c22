import { relative } from 'node:path'
import type { RunningSystem } from './start-system.ts'

/** The table of addresses and a line to paste, as `npm start` ends with. */
export function welcome(system: RunningSystem, demo: boolean): string {
  const { ports } = system
  const secure = (host: string, path = '/') =>
    `https://${host}${ports.https === 443 ? '' : `:${ports.https}`}${path}`
  const rows: readonly (readonly [string, string])[] = [
    [secure('demo.localhost'), 'the page; /api/signup, /api/login, /api/tasks'],
    [secure('users.demo.localhost'), 'users, in the sub-domain style; /docs'],
    [secure('tasks.demo.localhost'), 'tasks, in the sub-domain style; /docs'],
    [secure('lab.localhost'), 'hello (three replicas); /login is auth'],
    [secure('hello.localhost'), 'proxy-app asks hello-app in another namespace'],
    ['any other host or path', 'the default backend'],
    [`http://demo.localhost:${ports.http}/`, 'plain HTTP: redirects to HTTPS'],
    [`http://localhost:${ports.users}/`, 'users directly; /docs is its API'],
    [`http://localhost:${ports.tasks}/`, 'tasks directly; /docs is its API'],
    [`http://127.0.0.1:${ports.monolith}/`, `the monolith; health on ${ports.monolithHealth}`],
    [
      `http://127.0.0.1:${ports.admin}/`,
      "the gateway's admin port: /table, /metrics, /diagnostics, /explain",
    ],
  ]
  const width = Math.max(...rows.map(([address]) => address.length))
  const table = rows.map(([address, what]) => `  ${address.padEnd(width)}  ${what}`)
  const caFile = forShell(relative(process.cwd(), system.authorityFile))
  return [
    '',
    ...table,
    '',
    demo
      ? 'Try it (in another terminal):'
      : 'Try it (in another terminal; sign up first, the demo login is off):',
    `  curl --cacert ${caFile} -H 'Content-Type: application/json' \\`,
    `       -d '{"email":"test@test.com","password":"testers"}' ${secure('demo.localhost', '/api/login')}`,
    '',
    'Ctrl-C stops everything.',
    '',
  ].join('\n')
}

/** A path that a shell reads as one word. */
function forShell(path: string): string {
  return /^[\w./:@%+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`
}
