// node end-with-starter.ts SIGNAL PROGRAM ARGUMENTS…: runs a program that knows nothing of tests, hands it the signals that come, and
// sends it SIGNAL when standard input closes, as it does when the starter is gone, by whatever signal.
import { spawn } from 'node:child_process'

const [signal = 'SIGTERM', program = '', ...args] = process.argv.slice(2)
const PASSED_ON = ['SIGINT', 'SIGQUIT', 'SIGTERM'] as const

const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] })
child.on('error', (error) => {
  process.stderr.write(`${program} cannot be run: ${error.message}\n`)
  process.exitCode = 127
  process.stdin.destroy()
})
child.on('exit', (code) => process.exit(code ?? 1))
for (const name of PASSED_ON) process.on(name, () => child.kill(name))
process.stdin.on('end', () => child.kill(signal as NodeJS.Signals)).resume()
