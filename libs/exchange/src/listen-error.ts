/** A sentence that names the address and what to do, for whoever typed it. */
export function listenError(error: Error, host: string, port: number): Error {
  const code = 'code' in error ? error.code : undefined
  const address = host.includes(':') ? `[${host}]:${String(port)}` : `${host}:${String(port)}`
  return new Error(sentence(code, address, error.message), { cause: error })
}

function sentence(code: unknown, address: string, message: string): string {
  switch (code) {
    case 'EADDRINUSE':
      return `${address} is in use by another process: stop it, or choose another port (0 takes a free one)`
    case 'EACCES':
      return `${address} needs more rights than this process has: choose a port of 1024 or more`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${address} is no address of this machine: choose 127.0.0.1, 0.0.0.0 or :: instead`
    default:
      return `cannot listen on ${address}: ${message}`
  }
}
