import type { Wire } from './wire.ts'

/** Takes the bytes of a connection that has left HTTP. */
export interface Splice {
  received(bytes: Buffer, start: number, end: number): void
  drained(): void
  closed(): void
}

/** Hands the bytes of one wire to another, no faster than that takes them. `passed` is told how many. */
export function handOver(
  from: Wire,
  to: Wire,
  passed: (count: number) => void,
): Pick<Splice, 'received' | 'drained'> {
  return {
    received: (bytes, start, end) => {
      if (end === start) return
      passed(end - start)
      to.writeSpan('', bytes, start, end, from)
      if (to.congested) from.pause()
    },
    drained: () => to.resume(),
  }
}
