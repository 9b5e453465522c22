/**
 * How a route meets a path. The value is compared with the *normalised* path (see `RequestPath` in `@postern/exchange`).
 * - `exact`: equal.
 * - `prefix`: whole segments; `/foo` meets `/foo`, `/foo/` and `/foo/bar`, never `/foobar`. `/` meets everything.
 * - `regex`: matches at the start of the path, unanchored at its end, as nginx `location ~ ^…` does.
 */
export type PathMatch =
  | { readonly kind: 'exact'; readonly value: string }
  | { readonly kind: 'prefix'; readonly value: string }
  | { readonly kind: 'regex'; readonly value: string; readonly ignoreCase: boolean }
