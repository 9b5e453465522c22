import { createSecureContext } from 'node:tls'
import type { TlsIdentity, TlsTermination } from '@postern/exchange'
import type { Log } from './log.ts'

/**
 * Tries each identity once before an engine gets it. OpenSSL refuses more than the control plane can see: keys that are too
 * small, digests that are too old, ciphers that it does not know. Such a host is served with the fallback certificate, and
 * the log says why; one namespace's Secret must not be able to end the process of all.
 */
export function usableIdentities(tls: TlsTermination, log: Log): TlsTermination {
  const verdicts = new WeakMap<TlsIdentity, boolean>()
  const isUsable = (identity: TlsIdentity): boolean => {
    const known = verdicts.get(identity)
    if (known !== undefined) return known
    const problem = problemOf(identity)
    if (problem !== undefined) {
      log.error('a certificate cannot be used: its hosts are served with the fallback certificate', {
        certificate: identity.certificate.id,
        problem,
      })
    }
    verdicts.set(identity, problem === undefined)
    return problem === undefined
  }
  return {
    ...(tls.passthrough && { passthrough: (serverName: string) => tls.passthrough?.(serverName) }),
    select: (serverName) => {
      const identity = tls.select(serverName)
      if (identity === undefined || isUsable(identity)) return identity
      const fallback = tls.select(undefined)
      return fallback !== undefined && isUsable(fallback) ? withClientAuth(fallback, identity) : undefined
    },
  }
}

// The host still asks for client certificates: a broken certificate must not open it.
const combined = new WeakMap<TlsIdentity, TlsIdentity>()

function withClientAuth(fallback: TlsIdentity, { clientAuth }: TlsIdentity): TlsIdentity {
  if (clientAuth === undefined) return fallback
  let identity = combined.get(fallback)
  if (identity?.clientAuth !== clientAuth) combined.set(fallback, (identity = { ...fallback, clientAuth }))
  return identity
}

function problemOf({ certificate, ciphers, clientAuth }: TlsIdentity): string | undefined {
  try {
    createSecureContext({
      cert: certificate.certPem,
      key: certificate.keyPem.reveal(),
      minVersion: 'TLSv1.2',
      ...(ciphers !== undefined && { ciphers }),
      ...(clientAuth !== undefined && { ca: clientAuth.caPem }),
    })
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
