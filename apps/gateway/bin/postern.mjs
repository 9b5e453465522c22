#!/usr/bin/env -S node --max-semi-space-size=4
// The flag: with the young generation of 16 MiB that V8 takes by itself a gateway weighs 30 to 50 MiB more, for 1 % less time per request.
//
// `npx postern …` from a checkout: the built files when they were built from the sources that are there, else these
// sources, so that nobody tries an edit or a fresh pull on the code of yesterday. The sources need Node's type
// stripping and the condition that leads to those of the workspace, and start a tenth of a second slower.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { fileURLToPath } from 'node:url'

const { enableCompileCache, registerHooks } = nodeModule
// Named imports would fail in an older Node with a message about exports.
if (enableCompileCache === undefined || registerHooks === undefined) {
  process.stderr.write(
    `postern: this is Node ${process.version}, and 24 or newer is needed: npx postern brings its own\n`,
  )
  process.exit(1)
}

// Commands are short, and compiling is a good part of their time. Not in Node's default place below the temporary
// folder: there another user of the machine could lay code for us. A place that cannot be written leaves no cache.
enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/postern', import.meta.url)))

if (isBuilt()) {
  await import(new URL('../dist/main.js', import.meta.url).href)
} else {
  registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: ['@postern/source', ...context.conditions] }),
  })
  await import(new URL('../src/main.ts', import.meta.url).href)
}

/** By content, as Nx does: times say nothing once a branch was left and come back to. tools/build.ts writes the list; reading 300 files takes 5 ms. */
function isBuilt() {
  const list = new URL('../dist/built-from.json', import.meta.url)
  if (!existsSync(list)) return false
  const { files, sha256 } = JSON.parse(readFileSync(list, 'utf8'))
  const hash = createHash('sha256')
  for (const file of files) {
    const source = new URL(`../../../${file}`, import.meta.url)
    if (!existsSync(source)) return false
    hash.update(readFileSync(source))
  }
  return hash.digest('hex') === sha256
}
