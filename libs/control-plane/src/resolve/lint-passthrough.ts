import { ANY_HOST } from '@postern/routing-table'
import { PREFIX } from '../annotations/features.ts'
import type { Note } from '../parse/notes.ts'
import { isWholeName, type HostDraft } from './hosts.ts'
import { note, placeOf, type Joining } from './joining.ts'
import type { Location } from './model.ts'

type Plan = Location['plan']

const KEY = `${PREFIX}ssl-passthrough`

/** What becomes of a host whose opening Ingress asks for passthrough, where that may surprise. */
export function notePassthrough(
  draft: HostDraft,
  opener: Plan,
  root: Location | undefined,
  joining: Joining,
): void {
  const { host } = draft
  const isOn = joining.settings.sslPassthrough
  if (host === ANY_HOST || (isOn && !isWholeName(draft)))
    return noteNoName(host === ANY_HOST ? 'rules without a host' : host, opener, joining)
  if (!isOn)
    return at(opener, joining, {
      severity: 'warning',
      code: 'ssl-passthrough-off',
      message: `is not in force for ${host} without --enable-ssl-passthrough, as with ingress-nginx: TLS ends here, and the Service of its path / is asked by HTTPS`,
      fix: 'serve with --enable-ssl-passthrough, or remove it and set backend-protocol',
    })
  if (root === undefined)
    return at(opener, joining, {
      code: 'ssl-passthrough-without-root',
      message: `no path / of ${host} leads to a Service, so its TLS connections are closed, as with ingress-nginx`,
      fix: 'add a path / with pathType: Prefix',
    })
  const aliases = opener.settings.serverAlias.names
  if (aliases.length > 0) noteNoName(`the aliases ${aliases.join(', ')}`, opener, joining)
  noteUnread(draft, opener, root, joining)
}

function noteNoName(what: string, opener: Plan, joining: Joining): void {
  at(opener, joining, {
    severity: 'warning',
    code: 'ssl-passthrough-host',
    message: `is not in force for ${what}, as with ingress-nginx: a handshake is compared with the whole names of rules, so TLS ends here`,
    fix: 'write a rule for each name',
  })
}

/** What is meant for plain HTTP anyway, or is told of already. */
const HARMLESS: readonly string[] = [
  'ssl-redirect',
  'force-ssl-redirect',
  'backend-protocol',
  'server-alias',
  'ssl-passthrough',
]

function noteUnread({ host, locations }: HostDraft, opener: Plan, root: Location, joining: Joining): void {
  const paths = locations.filter((location) => location !== root).map(({ path }) => path)
  const keys = [...opener.ingress.annotations.keys()]
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => key.slice(PREFIX.length))
    .filter((key) => !HARMLESS.includes(key))
  if (paths.length === 0 && keys.length === 0) return
  const what = [
    ...(paths.length === 0 ? [] : [`the path${paths.length === 1 ? '' : 's'} ${paths.join(', ')}`]),
    ...(keys.length === 0 ? [] : [keys.join(', ')]),
  ]
  at(opener, joining, {
    severity: 'warning',
    code: 'ssl-passthrough-unread',
    message: `TLS connections for ${host} go to the Service of / without being read: plain HTTP alone meets ${what.join(' and ')}`,
    fix: 'leave to the backend what it has to decide, or remove ssl-passthrough',
  })
}

/** An Ingress that asks for it on a host that another one has opened without. */
export function noteUnheard({ host, plans }: HostDraft, joining: Joining): void {
  const [opener, ...others] = plans
  for (const plan of others) {
    if (opener === undefined || !plan.settings.hostTls.passthrough) continue
    at(plan, joining, {
      severity: 'warning',
      code: 'ssl-passthrough-conflict',
      message: `is not in force for ${host}: ${placeOf(opener.ingress)}, which is older, opens the host and does not ask for it`,
      fix: 'say the same in both',
    })
  }
}

function at({ ingress }: Plan, joining: Joining, finding: Note): void {
  note(joining, ingress, ['metadata', 'annotations', KEY], finding)
}
