import { formatAddress, type ListenAddress } from './listen-address.ts'

/** A service that cannot start; its message says why and what to do, and the process ends with exit code 1. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is taken by another process; stop it, or choose another port',
  EACCES: 'this user may not open that port; choose one above 1023',
  EADDRNOTAVAIL: 'this machine has no such address; choose one that it has, or 0.0.0.0',
  ENOTFOUND: 'the host name is not known; choose an address of this machine, or 0.0.0.0',
}

/** Says why a listener could not open, naming the setting that moves it (`PORT` or `HEALTH_PORT`). */
export function listenFailure(address: ListenAddress, setting: string, error: unknown): StartError {
  const code = String((error as Partial<NodeJS.ErrnoException> | undefined)?.code)
  const reason = REASONS[code] ?? (error instanceof Error ? error.message : String(error))
  return new StartError(`cannot listen on ${formatAddress(address)}: ${reason} (setting: ${setting})`, {
    cause: error,
  })
}
