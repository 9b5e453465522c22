import { setTimeout as wait } from 'node:timers/promises'
import { cpuNanoseconds, cpuSince, familyOf, readProc } from '../lib/processes.ts'
import { restOf } from '../lib/rest-of.ts'
import { IdleClients, statusOf, SteadyClient } from './clients.ts'
import { hostOf } from './hosts-on-disk.ts'
import type { Subject } from './subjects.ts'

export interface ChangesResult {
  readonly name: string
  readonly readyMs: number
  /** PSS in MiB of all its processes. */
  readonly peakMiB: number
  readonly restMiB: number
  readonly restAfterMiB: number
  readonly changes: number
  /** From the write to the first answer of the new host, in ms. */
  readonly servedMs: readonly number[]
  /** CPU of the thread that serves, by change without traffic, in ms; absent where whole processes are exchanged. */
  readonly servingMs?: readonly number[]
  /** CPU of all processes by change without traffic, in ms. */
  readonly allMs: readonly number[]
  /** The first change after the control process went to sleep. */
  readonly woken?: { readonly servedMs: number; readonly servingMs: number }
  readonly requests: number
  readonly errors: number
  readonly longestWaitMs: number
  readonly idleClosed: number
}

export interface Plan {
  readonly changes: number
  /** Of these, the first ones without traffic. */
  readonly quiet: number
  readonly idleClients: number
  readonly port: number
}

/** Adds hosts one after the other, first in silence and then under load. */
export async function measureChanges(
  subject: Subject,
  { changes, quiet, idleClients, port }: Plan,
  readyMs: number,
): Promise<ChangesResult> {
  const pid = subject.child.pid ?? 0
  const peak = await restOf(pid)
  const before = { peakMiB: peak.peakMiB, restMiB: peak.restMiB }
  const isOurs = subject.name === 'postern'
  const woken = isOurs ? await timeOne(subject, port, 'woken-0') : undefined
  const idleMsPerS = await idleRate(pid)
  const silent: Change[] = []
  for (let change = 0; change < quiet; change += 1)
    silent.push(await timeOne(subject, port, `quiet-${String(change)}`))
  const idle = await IdleClients.open(idleClients, port, subject.steady)
  const client = new SteadyClient(port, subject.steady)
  const running = client.run(1)
  for (let change = quiet; change < changes; change += 1) {
    const name = `load-${String(change)}`
    subject.add(name, true)
    while ((await statusOf(port, hostOf(name))) !== subject.added) await wait(20)
    // nginx takes the next signal before it has obeyed the last, and works through all of them.
    if (!isOurs) await wait(1_000)
  }
  client.stop()
  await running
  // Whoever goes has a moment for it.
  await wait(1_000)
  const idleClosed = idle.closed
  idle.close()
  const after = await restOf(pid)
  return {
    ...{ name: subject.name, readyMs, ...before, restAfterMiB: after.restMiB, changes },
    servedMs: silent.map(({ servedMs }) => servedMs),
    ...(isOurs && {
      servingMs: silent.map(({ servingMs, tookMs }) => servingMs - (idleMsPerS * tookMs) / 1_000),
    }),
    allMs: silent.map(({ allMs }) => allMs),
    ...(woken && { woken }),
    ...{ requests: client.requests, errors: client.errors, longestWaitMs: client.longestMs, idleClosed },
  }
}

interface Change {
  readonly servedMs: number
  readonly servingMs: number
  readonly allMs: number
  /** How long it was watched. */
  readonly tookMs: number
}

/** What the serving thread takes while nothing happens at all: its timers. */
async function idleRate(pid: number): Promise<number> {
  const before = threadNanoseconds(pid)
  await wait(3_000)
  return (threadNanoseconds(pid) - before) / 1e6 / 3
}

async function timeOne(subject: Subject, port: number, name: string): Promise<Change> {
  const pid = subject.child.pid ?? 0
  const start = performance.now()
  const [serving, all] = [threadNanoseconds(pid), cpuNanoseconds(familyOf(pid))]
  const tables = subject.tables?.() ?? 0
  subject.add(name)
  // Its own word costs it nothing; asking again and again would.
  if (subject.tables === undefined)
    while ((await statusOf(port, hostOf(name))) !== subject.added) await wait(20)
  else while (subject.tables() === tables) await wait(5)
  const servedMs = performance.now() - start
  await wait(300)
  const servingMs = (threadNanoseconds(pid) - serving) / 1e6
  const allMs = cpuSince(all, familyOf(pid)) / 1e6
  const tookMs = performance.now() - start
  if ((await statusOf(port, hostOf(name))) !== subject.added) throw new Error(`${name} is not served`)
  return { servedMs, servingMs, allMs, tookMs }
}

function threadNanoseconds(pid: number): number {
  return Number(readProc(`/proc/${String(pid)}/task/${String(pid)}/schedstat`).split(' ')[0])
}
