// `npm test [-- jest arguments]`: every unit and integration test that needs only Node, in one Jest run.
import { spawnSync } from 'node:child_process'

const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js']
const { status } = spawnSync(process.execPath, [...jest, ...process.argv.slice(2)], { stdio: 'inherit' })
process.exitCode = status ?? 1
