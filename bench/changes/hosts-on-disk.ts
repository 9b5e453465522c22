import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ingressText, PATHS, serviceText } from '../lib/manifests.ts'

const FILES = 100
const HOSTS_PER_FILE = 100

/** Ten thousand hosts of five paths, each with a Service and an endpoint of its own, in a hundred files. */
export function writeHosts(folder: string, upstream: number): void {
  mkdirSync(folder, { recursive: true })
  for (let file = 0; file < FILES; file += 1) {
    const names = Array.from({ length: HOSTS_PER_FILE }, (_, i) => `app-${String(file * HOSTS_PER_FILE + i)}`)
    write(folder, `apps-${String(file)}`, names.map((name) => manifestsOf(name, upstream)).join('---\n'))
  }
}

/** One host more; or another one instead of what `file` held. */
export function writeHost(folder: string, name: string, upstream: number, file = name): void {
  write(folder, file, manifestsOf(name, upstream))
}

export function hostOf(name: string): string {
  return `${name}.bench.example`
}

// Whole or not at all, as careful writers do.
function write(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, `${name}.tmp`), text)
  renameSync(join(folder, `${name}.tmp`), join(folder, `${name}.yaml`))
}

function manifestsOf(name: string, upstream: number): string {
  const ingress = ingressText({ name, service: name, host: hostOf(name), paths: PATHS })
  return `${ingress}---\n${serviceText(name, upstream)}`
}
