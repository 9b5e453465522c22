import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { AppProcess } from '../start-app.ts'
import { startCourse, type Course } from '../start-course.ts'
import { until } from '../until.ts'
import { slopeOf } from './slope.ts'
import { useCourse } from './use-course.ts'

/** One look at a process after its garbage was collected, in bytes. */
export interface MemorySample {
  readonly atS: number
  /** JavaScript's heap and what it holds outside. */
  readonly heap: number
  /** Everything, SQLite and the allocator's slack included. */
  readonly rss: number
}

/** What became of one app's memory under load. */
export interface WatchedMemory {
  readonly app: 'auth' | 'users' | 'tasks'
  readonly samples: readonly MemorySample[]
  /** How much each grew from the first sample to the last, along the line through all of them. */
  readonly growth: { readonly heap: number; readonly rss: number }
}

/** How long, and how hard. */
export interface WatchOptions {
  /** Not counted: code is compiled and caches are filled. */
  readonly warmUpS: number
  readonly seconds: number
  readonly samples: number
  readonly people: number
  /** How long each rests between two rounds of fourteen requests. */
  readonly pauseMs: number
  readonly env?: Readonly<Record<string, string>>
}

const REPORT = pathToFileURL(join(import.meta.dirname, 'report-memory.ts')).href
/** A machine that stalls for a moment must not end the load with a 503. */
const GENEROUS = {
  LOGIN_LIMIT_PER_ADDRESS: '1000000',
  LOGIN_LIMIT_PER_ACCOUNT: '1000000',
  EVENT_LOOP_DELAY_LIMIT_MS: '0',
}

/** Runs the course's services as processes, uses them all, and looks at their memory at even distances. */
export async function watchMemory(
  options: WatchOptions,
): Promise<{ readonly requests: number; readonly apps: readonly WatchedMemory[] }> {
  const { people, pauseMs, seconds, samples, warmUpS } = options
  const env = { ...GENEROUS, NODE_OPTIONS: `--import ${REPORT}`, ...options.env }
  const course = await startCourse({ demo: false, env })
  try {
    let over = false
    const load = Promise.all(
      Array.from({ length: people }, (_, person) =>
        useCourse(course, { name: `person${person}`, pauseMs, stopped: () => over }),
      ),
    )
    const looking = look(course, { warmUpS, seconds, samples }).finally(() => (over = true))
    // The first to fail ends both.
    const [counts, apps] = await Promise.all([load, looking])
    return { requests: counts.reduce((sum, count) => sum + count, 0), apps }
  } finally {
    await course.stop()
  }
}

async function look(
  course: Course,
  { warmUpS, seconds, samples }: Pick<WatchOptions, 'warmUpS' | 'seconds' | 'samples'>,
): Promise<readonly WatchedMemory[]> {
  await sleep(warmUpS * 1000)
  const names = ['auth', 'users', 'tasks'] as const
  const seen = new Map<string, MemorySample[]>(names.map((name) => [name, []]))
  const from = performance.now()
  for (let index = 0; index < samples; index += 1) {
    const dueMs = (index * seconds * 1000) / (samples - 1)
    await sleep(Math.max(0, from + dueMs - performance.now()))
    for (const name of names) seen.get(name)?.push(await sampleOf(course[name], from))
  }
  return names.map((app) => watched(app, seen.get(app) ?? []))
}

function watched(app: WatchedMemory['app'], samples: readonly MemorySample[]): WatchedMemory {
  const spanS = (samples.at(-1)?.atS ?? 0) - (samples[0]?.atS ?? 0)
  const growth = (value: 'heap' | 'rss') =>
    slopeOf(samples.map((sample) => ({ atS: sample.atS, value: sample[value] }))) * spanS
  return { app, samples, growth: { heap: growth('heap'), rss: growth('rss') } }
}

async function sampleOf(app: AppProcess, from: number): Promise<MemorySample> {
  const reports = (): readonly string[] => app.output().match(/^memory \{.*\}$/gm) ?? []
  const known = reports().length
  app.send('memory')
  const line = await until('the app reports its memory', () => reports()[known], 30_000)
  const { heap, rss } = JSON.parse(line.slice('memory '.length)) as { heap: number; rss: number }
  return { atS: (performance.now() - from) / 1000, heap, rss }
}
