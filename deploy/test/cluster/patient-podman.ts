// podman 4.3 fails now and then for reasons of its own: its clean-up of a container that has just ended is in the way, a
// device is busy, a lock is never given back. Such a command is tried again, and said so: no test is about podman.
import { setTimeout as pause } from 'node:timers/promises'
import type { Outcome } from '../room.ts'
import type { Podman } from './podman.ts'

type PatientPodman = Pick<Podman, 'podman' | 'make' | 'once'>

const TRIES = 3
const PAUSE_MS = 1_000
/** Longer than a container is given to end. */
const IN_TIME = ['timeout', '--kill-after=5', '120'] as const

/** What does no harm twice. Not `exec`: what fails there may be the program that was asked for. */
const REPEATABLE = /^(stop|rm|inspect|tag|(image|pod|network) (inspect|start|stop|rm)|volume prune) /
/** `podman run` ends as its container does, and with this when podman itself failed. */
const PODMANS_OWN = 125

export function patientPodman(run: Podman['run']): PatientPodman {
  const untilDone = async (
    args: readonly string[],
    before: readonly (readonly string[])[] = [],
  ): Promise<string> => {
    const [program, ...limit] = IN_TIME
    const inTime = (): Promise<Outcome> => run(program, ...limit, 'podman', ...args)
    let outcome = await inTime()
    for (let tried = 1; outcome.code !== 0 && tried < TRIES; tried++) {
      console.warn(`tried again: ${describeFailure(args, outcome)}`)
      await pause(PAUSE_MS)
      for (const one of before) await run('podman', ...one)
      outcome = await inTime()
    }
    return textOf(args, outcome)
  }
  return {
    podman: async (...args) =>
      REPEATABLE.test(`${args.join(' ')} `) ? untilDone(args) : textOf(args, await run('podman', ...args)),
    make: untilDone,
    once: async (...args) => {
      const command = ['run', '--rm', ...args]
      const outcome = await run('podman', ...command)
      if (outcome.code !== PODMANS_OWN) return outcome
      console.warn(`tried again: ${describeFailure(command, outcome)}`)
      return run('podman', ...command)
    },
  }
}

function textOf(args: readonly string[], outcome: Outcome): string {
  if (outcome.code !== 0) throw new Error(describeFailure(args, outcome))
  return outcome.stdout.trim()
}

const describeFailure = (args: readonly string[], { code, stdout, stderr }: Outcome): string =>
  `podman ${args.join(' ')} ended with ${code}:\n${stderr}\n${stdout}`
