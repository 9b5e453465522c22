import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { ROOT } from './read-manifests.ts'

/** One row of deploy/routing/requests.yaml. */
export interface RequestRow {
  readonly scheme: 'http' | 'https'
  readonly host: string
  /** Path and query. */
  readonly path: string
  readonly decision: Decision
}

/** What became of a request: which Service saw it and how, or where the client was sent. */
export type Decision =
  { readonly to: string; readonly as: string } | { readonly redirect: number; readonly location: string }

type RawRow = { readonly scheme?: 'http' | 'https'; readonly host: string; readonly path: string } & Decision

export const REQUESTS: readonly RequestRow[] = (
  parse(readFileSync(join(ROOT, 'deploy/routing/requests.yaml'), 'utf8')) as readonly RawRow[]
).map(({ scheme = 'https', host, path, ...decision }) => ({ scheme, host, path, decision }))

export const describeRequest = ({ scheme, host, path }: RequestRow): string => `${scheme}://${host}${path}`
