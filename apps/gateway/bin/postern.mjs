#!/usr/bin/env node
// Runs the built gateway where there is one, else its TypeScript source.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const built = new URL('../dist/main.js', import.meta.url)
if (existsSync(built)) await import(built.href)
else {
  const source = fileURLToPath(new URL('../src/main.ts', import.meta.url))
  const args = ['--conditions=@postern/source', source, ...process.argv.slice(2)]
  const { status, signal } = spawnSync(process.execPath, args, { stdio: 'inherit' })
  if (signal !== null) process.kill(process.pid, signal)
  process.exitCode = status ?? 1
}
