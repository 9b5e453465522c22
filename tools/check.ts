// `npm run check`: every gate before a push, through Nx, so that what did not change comes from its cache.
// All gates run even when one fails: a contributor wants the whole list at once.
import { styleText } from 'node:util'
import { runStep } from './run-step.ts'

const GATES = [
  { name: 'format', hint: 'npm run format writes it' },
  { name: 'lint', hint: 'the borders are told in ARCHITECTURE.md' },
  { name: 'typecheck', hint: '' },
  { name: 'build', hint: '' },
  { name: 'test', hint: 'one project: npx nx run @postern/users:test' },
] as const

const failed: string[] = []
for (const { name, hint } of GATES) {
  // The acceptance tests start the whole system: one project's tests at a time on a small machine.
  const parallel = name === 'test' ? '--parallel=1' : '--parallel=2'
  const result = await runStep('nx', ['run-many', '-t', name, parallel, '--outputStyle=static'], {
    env: { NX_DAEMON: 'false', FORCE_COLOR: '0' },
  })
  const mark = result.ok ? styleText('green', '✓') : styleText('red', '✗')
  console.log(`${mark} ${name.padEnd(10)} ${result.seconds.toFixed(1).padStart(6)} s`)
  if (result.ok) continue
  failed.push(name)
  console.log(result.output.trimEnd())
  if (hint !== '') console.log(`  ${name}: ${hint}`)
}

console.log(failed.length === 0 ? '\ncheck: all gates passed' : `\ncheck: failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
