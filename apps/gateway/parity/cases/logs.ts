import { ingress, until } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { pass, prefix, server } from '../nginx-parts.ts'
import { scene } from '../observe.ts'
import type { Ask, Side } from '../room/side.ts'

const host = (name: string): string => `${name}.logs.example`
let turn = 0

/** How many lines a request leaves; another request, which is known to leave one, tells when the log is written. */
async function lines(side: Side, ask: Omit<Ask, 'target'>): Promise<string> {
  turn += 1
  const [mark, after] = [`/asked-${String(turn)}.`, `/after-${String(turn)}.`]
  const { response } = await side.send({ ...ask, target: mark })
  await side.send({ host: host('on'), target: after })
  await until('the log is written', async () => (await side.accessLog()).includes(after))
  const count = (await side.accessLog()).split('\n').filter((line) => line.includes(mark)).length
  return `${String(response.status)}, ${String(count)} lines`
}

export const logs: ParityCase = {
  name: 'enable-access-log',
  source: 'annotations/log/main.go; nginx.tmpl: access_log off inside the location',
  services: { app: ['ok'], dead: ['refused'] },
  manifests: () => {
    const rule = (name: string, service = 'app') => [{ host: host(name), paths: [{ path: '/', service }] }]
    return [
      ingress({ name: 'on', rules: rule('on') }),
      ingress({ name: 'off', annotations: { 'enable-access-log': 'false' }, rules: rule('off') }),
      ingress({
        name: 'off-and-denied',
        annotations: { 'enable-access-log': 'false', 'denylist-source-range': '127.0.0.1' },
        rules: rule('denied'),
      }),
      ingress({
        name: 'off-and-dead',
        annotations: { 'enable-access-log': 'false' },
        rules: rule('dead', 'dead'),
      }),
      ingress({ name: 'odd', annotations: { 'enable-access-log': 'maybe' }, rules: rule('odd') }),
    ]
  },
  nginx: (place) => {
    const log = `access_log ${place.folder}/access.log;`
    return [
      server(place, host('on'), log, prefix('/', pass('app'))),
      server(place, host('off'), log, prefix('/', `access_log off; ${pass('app')}`)),
      server(place, host('denied'), log, prefix('/', `access_log off; deny 127.0.0.1; ${pass('app')}`)),
      server(place, host('dead'), log, prefix('/', `access_log off; ${pass('dead')}`)),
      server(place, host('odd'), log, prefix('/', pass('app'))),
    ].join('\n')
  },
  checks: [
    scene('one line by default', '200, 1 lines', (side) => lines(side, { host: host('on') })),
    scene('one line for an error of the upstream', '500, 1 lines', (side) =>
      lines(side, { host: host('on'), headers: { 'Answer-Status': '500' } }),
    ),
    scene('none where it is off', '200, 0 lines', (side) => lines(side, { host: host('off') })),
    scene('none for a refusal', '403, 0 lines', (side) => lines(side, { host: host('denied') })),
    scene('none for a failure', '502, 0 lines', (side) => lines(side, { host: host('dead') })),
    scene('a bad value is the default', '200, 1 lines', (side) => lines(side, { host: host('odd') })),
  ],
}
