// `npm run e2e [-- jest arguments]`: the tests that need real parts. Missing parts are named and their tests skipped;
// with E2E_REQUIRE=all a missing part is a failure.
import { styleText } from 'node:util'
import { findPart, PARTS } from './e2e/parts.ts'
import { runStep } from './run-step.ts'

const missing = PARTS.filter((part) => findPart(part) === undefined)
for (const part of PARTS) {
  const file = findPart(part)
  if (file === undefined) console.log(`${styleText('yellow', '✗')} ${part.name.padEnd(12)} missing`)
  else console.log(`${styleText('green', '✓')} ${part.name.padEnd(12)} ${file}`)
}

if (missing.length > 0) {
  const packages = missing.map(({ debian }) => debian).join(' ')
  console.log(`\nMISSING: the tests that need ${missing.map(({ name }) => name).join(', ')} are skipped.`)
  console.log(`On Debian: apt-get install -y --no-install-recommends ${packages}\n`)
}

if (missing.length > 0 && process.env['E2E_REQUIRE'] === 'all') {
  console.error('E2E_REQUIRE=all: every part must be here')
  process.exitCode = 1
} else {
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js']
  const result = await runStep(process.execPath, [...jest, '--passWithNoTests', ...process.argv.slice(2)], {
    live: true,
    env: { E2E: '1' },
  })
  process.exitCode = result.ok ? 0 : 1
}
