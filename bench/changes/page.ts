import { loadavg } from 'node:os'
import { machineLine } from '../lib/machine.ts'
import { median } from '../lib/median.ts'
import type { ChangesResult } from './measure-changes.ts'

/** The page that is kept. */
export function changesPage(results: readonly ChangesResult[], loadBefore: number): string {
  const row = (label: string, read: (one: ChangesResult) => string): string =>
    `| ${label} | ${results.map(read).join(' | ')} |`
  return `# One host more, at 10,000 hosts of five paths

${machine(loadBefore)}

| | ${results.map(({ name }) => name).join(' | ')} |
|---|${results.map(() => '---').join('|')}|
${[
  row('from start to ready, s', ({ readyMs }) => (readyMs / 1_000).toFixed(1)),
  row('memory while it starts, MiB (PSS, all processes)', ({ peakMiB }) => peakMiB.toFixed(0)),
  row('**memory at rest**, MiB', ({ restMiB }) => restMiB.toFixed(0)),
  row(
    '**memory at rest after the changes**, MiB',
    ({ restAfterMiB, changes }) => `${restAfterMiB.toFixed(0)} (${String(changes)})`,
  ),
  row('**CPU of the thread that serves, per change**, ms', ({ servingMs }) =>
    servingMs ? spread(servingMs) : 'the process is exchanged',
  ),
  row('CPU of all processes, per change, ms', ({ allMs }) => spread(allMs)),
  row('from the write until the host is served, ms', ({ servedMs }) => spread(servedMs)),
  row(
    'the same for the first change after a rest: thread that serves; until it is served, ms',
    ({ woken }) => (woken ? `${woken.servingMs.toFixed(1)}; ${woken.servedMs.toFixed(0)}` : 'as ever'),
  ),
  row(
    'under load: requests; **errors**; longest wait, ms',
    ({ requests, errors, longestWaitMs }) =>
      `${String(requests)}; ${String(errors)}; ${longestWaitMs.toFixed(0)}`,
  ),
  row('**idle connections closed**, of 200', ({ idleClosed }) => String(idleClosed)),
].join('\n')}

Median (least–most). Changes without traffic are timed; then hosts come and go while one connection asks all the time. CPU is run time by
\`/proc/PID/task/*/schedstat\`; of
the thread that serves less what it takes while nothing happens, and without a single request in the meantime.

Goals: 5 ms of the serving loop (1), 120 MiB at rest (100) and not more after the changes, no connection closed, no errors.
`
}

function spread(values: readonly number[]): string {
  return `${median(values).toFixed(1)} (${Math.min(...values).toFixed(1)}–${Math.max(...values).toFixed(1)})`
}

function machine(loadBefore: number): string {
  return `${machineLine()} Load average before ${loadBefore.toFixed(1)}, after ${(loadavg()[0] ?? NaN).toFixed(1)}.`
}
