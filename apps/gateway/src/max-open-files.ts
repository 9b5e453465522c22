import { readFileSync } from 'node:fs'

/** How many files, sockets among them, this process may have open: Node takes all that the system gives. Only Linux tells it. */
export function maxOpenFiles(limits: string = ownLimits()): number {
  const told = /^Max open files +(\d+) /m.exec(limits)?.[1]
  return told === undefined ? Infinity : Number(told)
}

function ownLimits(): string {
  return process.platform === 'linux' ? readFileSync('/proc/self/limits', 'utf8') : ''
}
