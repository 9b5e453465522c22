// Loaded before anything else: makes every import of a module that could open a socket fail.
import { registerHooks } from 'node:module'

const FORBIDDEN = /^(node:)?(http|https|http2|net|tls)$|^undici(\/|$)/

registerHooks({
  resolve: (specifier, context, next) => {
    if (FORBIDDEN.test(specifier))
      throw new Error(`${specifier} was imported by ${context.parentURL ?? 'the entry'}`)
    return next(specifier, context)
  },
})
