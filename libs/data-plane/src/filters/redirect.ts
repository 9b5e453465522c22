import type { RedirectFilter } from '@postern/routing-table'
import type { PreparedFilter } from '../filter.ts'
import { redirectTo } from '../reply.ts'
import { render } from '../template.ts'

/** `permanent-redirect` and `temporal-redirect` for every path, `app-root` for `/` alone. */
export function redirect(filter: RedirectFilter): PreparedFilter {
  const { status, when, location, stripTrailingSlash, relative } = filter
  return {
    request: (journey) => {
      const { exchange, client } = journey
      if (when === 'root' && exchange.path.normalized !== '/') return undefined
      const rendered = render(location, journey)
      const target = stripTrailingSlash === true ? rendered.replace(/\/$/, '') : rendered
      return redirectTo(
        status,
        target.startsWith('/') && relative === undefined
          ? `${client.scheme}://${client.authority}${target}`
          : target,
      )
    },
  }
}
