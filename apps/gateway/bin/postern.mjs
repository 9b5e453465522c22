#!/usr/bin/env node
// `npx postern …` from a checkout: the built file when there is one, else the TypeScript source, which needs Node's
// type stripping and the condition that leads to the sources of the workspace.
import { existsSync } from 'node:fs'
import { registerHooks } from 'node:module'

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
