// `npm start`: the whole system on this machine, in the foreground. The steps are in dev/start-system.ts.
import { join } from 'node:path'
import { styleText } from 'node:util'
import type { Child } from './dev/child.ts'
import { parseOptions, USAGE, UsageError, type DevOptions } from './dev/options.ts'
import { prefixer } from './dev/prefixer.ts'
import { readableLine } from './dev/readable-line.ts'
import { startSystem, type RunningSystem } from './dev/start-system.ts'
import { stopSignal } from './dev/stop-signals.ts'
import { StartError } from './dev/wait-until-ready.ts'
import { welcome } from './dev/welcome.ts'
import { withoutRepeats } from './dev/without-repeats.ts'

const root = join(import.meta.dirname, '..')
const say = (text: string): void => console.log(text)

function start(options: DevOptions, signal: AbortSignal): Promise<RunningSystem> {
  const { portOffset, demo, fromSource, rawLogs } = options
  let isStarting = true
  const onLine = prefixer(say, rawLogs ? (line) => line : readableLine)
  const starting = startSystem({
    root,
    portOffset,
    demo,
    fromSource,
    signal,
    stateFolder: options.stateFolder,
    ingressFolder: options.ingressFolder,
    onStep: (step, outcome, tookMs) =>
      say(
        `${styleText('green', '✓')} ${step.padEnd(13)} ${outcome.padEnd(18)} ${(tookMs / 1000).toFixed(1)} s`,
      ),
    onLine: rawLogs ? onLine : withoutRepeats(onLine, () => isStarting, readableLine),
  })
  return starting.finally(() => (isStarting = false))
}

/** Runs until a signal comes or the gateway dies; another app that dies is named, the rest goes on. */
async function serve(system: RunningSystem, signal: AbortSignal): Promise<number> {
  const asked = new Promise<'asked'>((resolve) => {
    if (signal.aborted) resolve('asked')
    signal.addEventListener('abort', () => resolve('asked'))
  })
  const tell = async (child: Child): Promise<void> => {
    const how = await child.gone
    if (!signal.aborted) say(styleText('red', `✗ ${child.plan.name} is gone: ${how}; the rest keeps running`))
  }
  for (const child of system.children) void tell(child)
  const gateway = system.children.find(({ plan }) => plan.name === 'gateway')
  const end = await Promise.race([asked, gateway?.gone ?? asked])
  say(`\nstopping (${end === 'asked' ? String(signal.reason) : `the gateway is gone: ${end}`}) …`)
  await system.stop()
  say('stopped')
  return end === 'asked' ? 0 : 1
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2))
  if (options.help) {
    say(USAGE)
    return 0
  }
  // The children see this process go and stop by themselves (dev/parent-watch.ts).
  const signal = stopSignal(() => process.exit(130))
  const system = await start(options, signal)
  say(welcome(system, options.demo))
  return serve(system, signal)
}

try {
  process.exitCode = await main()
} catch (error) {
  if (error instanceof UsageError) console.error(`npm start: ${error.message}\n\n${USAGE}`)
  else if (error instanceof StartError) console.error(`${styleText('red', '✗')} ${error.message}`)
  else throw error
  process.exitCode = error instanceof UsageError ? 2 : 1
}
