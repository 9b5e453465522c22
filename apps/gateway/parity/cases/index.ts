import type { ParityCase } from '../case.ts'
import { appRoot } from './app-root.ts'
import { pathTypes } from './path-types.ts'
import { redirect } from './redirect.ts'
import { regexTakeover } from './regex-takeover.ts'
import { rewrite } from './rewrite.ts'
import { sslRedirect } from './ssl-redirect.ts'
import { www } from './www.ts'

/** Every group, in the order of the semantics paper. */
export const CASES: readonly ParityCase[] = [
  pathTypes,
  regexTakeover,
  rewrite,
  appRoot,
  sslRedirect,
  redirect,
  www,
]
