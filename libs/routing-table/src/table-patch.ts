import type { Backend } from './backend.ts'
import type { Certificate, CertificateId } from './certificate.ts'
import type { Route } from './route.ts'
import type { Revision, RoutingTable, VirtualHost } from './routing-table.ts'
import { sameValue } from './same-value.ts'
import type { GlobalSettings } from './settings.ts'

/**
 * What turns one table into the next. A table of 10,000 hosts takes half a second to copy between threads; the one host
 * that changed does not.
 */
export interface TablePatch {
  /** The revision that it was made for. Applied to any other table it would mix the two. */
  readonly base: Revision
  readonly revision: Revision
  readonly hosts: ListPatch<VirtualHost>
  readonly backends: ListPatch<Backend>
  readonly certificates: ListPatch<Certificate>
  /** Always said; absent when the table has none. */
  readonly fallbackCertificate?: CertificateId
  /** Absent when it is the base's. */
  readonly defaultRoute?: Route
  /** Absent when they are the base's. */
  readonly settings?: GlobalSettings
}

/** The new list from its first item to its last, in runs: so order, additions, changes and removals are one thing. */
export type ListPatch<T> = readonly Run<T>[]

type Run<T> =
  /** `count` items of the base, from index `from`. */
  | { readonly kind: 'kept'; readonly from: number; readonly count: number }
  | { readonly kind: 'given'; readonly items: readonly T[] }

/** The patch that makes `after` of `before`. Parts that say the same are not in it, identical or not. */
export function diffTables(before: RoutingTable, after: RoutingTable): TablePatch {
  return {
    base: before.revision,
    revision: after.revision,
    hosts: diffLists(before.hosts, after.hosts, ({ host }) => host),
    backends: diffLists(before.backends, after.backends, ({ id }) => id),
    certificates: diffLists(before.certificates, after.certificates, ({ id }) => id),
    ...(after.fallbackCertificate !== undefined && { fallbackCertificate: after.fallbackCertificate }),
    ...(!sameValue(before.defaultRoute, after.defaultRoute) && { defaultRoute: after.defaultRoute }),
    ...(!sameValue(before.settings, after.settings) && { settings: after.settings }),
  }
}

/**
 * The table that the patch was made from. What it does not change keeps its identity, whole lists included.
 * @throws Error when the patch was made for another revision.
 */
export function applyPatch(table: RoutingTable, patch: TablePatch): RoutingTable {
  if (patch.base !== table.revision) {
    throw new Error(
      `a patch for revision ${String(patch.base)} met revision ${String(table.revision)}: expected patches in the order in which they were made; start again from a whole table`,
    )
  }
  return Object.freeze({
    revision: patch.revision,
    hosts: patchList(table.hosts, patch.hosts),
    backends: patchList(table.backends, patch.backends),
    certificates: patchList(table.certificates, patch.certificates),
    ...(patch.fallbackCertificate !== undefined && { fallbackCertificate: patch.fallbackCertificate }),
    defaultRoute: patch.defaultRoute ?? table.defaultRoute,
    settings: patch.settings ?? table.settings,
  })
}

function diffLists<T>(before: readonly T[], after: readonly T[], keyOf: (item: T) => string): ListPatch<T> {
  const places = new Map(before.map((item, index) => [keyOf(item), index]))
  const runs: ({ kind: 'kept'; from: number; count: number } | { kind: 'given'; items: T[] })[] = []
  for (const item of after) {
    const place = places.get(keyOf(item))
    const last = runs.at(-1)
    if (place === undefined || !sameValue(before[place], item)) {
      if (last?.kind === 'given') last.items.push(item)
      else runs.push({ kind: 'given', items: [item] })
    } else if (last?.kind === 'kept' && last.from + last.count === place) last.count += 1
    else runs.push({ kind: 'kept', from: place, count: 1 })
  }
  return runs
}

function patchList<T>(before: readonly T[], runs: ListPatch<T>): readonly T[] {
  const [only] = runs
  const isWhole =
    runs.length === 1 && only?.kind === 'kept' && only.from === 0 && only.count === before.length
  if (isWhole || (runs.length === 0 && before.length === 0)) return before
  return Object.freeze(
    runs.flatMap((run) => (run.kind === 'given' ? run.items : before.slice(run.from, run.from + run.count))),
  )
}
