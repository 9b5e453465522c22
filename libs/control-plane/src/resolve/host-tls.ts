import type { ClientCertificatePolicy, HostPattern, HostTls } from '@postern/routing-table'
import { PREFIX } from '../annotations/features.ts'
import type { ClientCertificateSettings } from '../annotations/client-certificate.ts'
import { Refusal } from '../annotations/value.ts'
import type { HostDraft } from './hosts.ts'
import { note, placeOf, type Joining } from './joining.ts'
import { LookUp } from './look-up.ts'
import type { IngressPlan } from './plan-ingress.ts'
import { certificateFor, type TlsChoice } from './tls.ts'

export interface HostTlsChoice {
  readonly tls?: HostTls
  /** Clients must show a certificate, and nobody knows which: 403 for everybody. */
  readonly locked?: string
}

/** Ciphers and client certificates are a matter of the whole host: the oldest Ingress that sets them decides. */
export function hostTls({ host, plans }: HostDraft, choice: TlsChoice, joining: Joining): HostTlsChoice {
  const asking = plans.filter((plan) => plan.settings.clientCertificate !== undefined)
  const clientAuth = asking[0] && clientPolicy(asking[0], joining)
  for (const other of asking.slice(1)) reportOther(host, asking[0], other, joining)
  if (clientAuth instanceof Refusal) return { locked: clientAuth.problem }
  // A host without a tls section is served with the fallback certificate, and must still ask.
  const certificate = certificateFor(host, choice) ?? (clientAuth && choice.fallback)
  if (certificate === undefined) return {}
  const ciphers = plans.find((plan) => plan.settings.hostTls.ciphers !== undefined)?.settings.hostTls.ciphers
  return {
    tls: {
      certificate: certificate.id,
      ...(ciphers !== undefined && { ciphers }),
      ...(clientAuth && { clientAuth }),
    },
  }
}

function clientPolicy(plan: IngressPlan, joining: Joining): ClientCertificatePolicy | Refusal | undefined {
  const wanted = plan.settings.clientCertificate
  if (wanted === undefined) return undefined
  const ca = caOf(wanted, plan, joining)
  if (!(ca instanceof Refusal)) {
    const { secret: _secret, ...policy } = wanted
    return { ...policy, caPem: ca }
  }
  note(joining, plan.ingress, ['metadata', 'annotations', `${PREFIX}auth-tls-secret`], {
    code: 'client-ca-missing',
    message: `${ca.problem}; so all paths of its hosts answer 403`,
    fix: 'put the CA into the Secret under ca.crt',
  })
  return ca
}

function caOf(
  { secret: name }: ClientCertificateSettings,
  { ingress }: IngressPlan,
  joining: Joining,
): string | Refusal {
  const look = new LookUp(joining.objects, joining.anyNamespace, joining.settings)
  const secret = look.secret(name, ingress)
  if (secret instanceof Refusal) return secret
  const ca = secret.data.get('ca.crt')?.reveal().toString('utf8')
  return ca?.includes('-----BEGIN CERTIFICATE-----')
    ? ca
    : new Refusal(`Secret ${secret.namespace}/${secret.name} has no PEM under ca.crt`)
}

function reportOther(
  host: HostPattern,
  first: IngressPlan | undefined,
  other: IngressPlan,
  joining: Joining,
): void {
  if (first === undefined) return
  const same =
    JSON.stringify(first.settings.clientCertificate) === JSON.stringify(other.settings.clientCertificate)
  if (same && first.ingress.namespace === other.ingress.namespace) return
  const reason = 'the oldest Ingress that asks for client certificates decides'
  joining.lost.push({
    what: 'client-certificate',
    host,
    winner: first.ingress.ref,
    loser: other.ingress.ref,
    reason,
  })
  note(joining, other.ingress, ['metadata', 'annotations', `${PREFIX}auth-tls-secret`], {
    severity: 'warning',
    code: 'client-certificate-conflict',
    message: `the client certificates of ${host} are decided by ${placeOf(first.ingress)}, which is older; this one is not in force`,
    fix: 'say the same in both',
  })
}
