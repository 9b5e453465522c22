#!/usr/bin/env -S node --max-semi-space-size=4
// The flag: with the young generation of 16 MiB that V8 takes by itself a gateway weighs 30 to 50 MiB more, for 1 % less time per request.
//
// `npx postern …` from a checkout: the built file when there is one, else the TypeScript source, which needs Node's
// type stripping and the condition that leads to the sources of the workspace.
import { existsSync } from 'node:fs'
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

const built = new URL('../dist/main.js', import.meta.url)
if (existsSync(built)) {
  await import(built.href)
} else {
  registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: ['@postern/source', ...context.conditions] }),
  })
  await import(new URL('../src/main.ts', import.meta.url).href)
}
