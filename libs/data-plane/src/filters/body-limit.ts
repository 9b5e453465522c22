import type { BodyLimitFilter } from '@postern/routing-table'
import type { PreparedFilter } from '../filter.ts'
import { Refusal } from '../reply.ts'

/** 413 for an announced body that is too large; one of unknown length fails with `body-too-large` while it is sent. */
export function bodyLimit({ maxBytes }: BodyLimitFilter): PreparedFilter {
  return {
    request: ({ exchange }) => {
      const { length } = exchange.body
      if (length === undefined) exchange.limitBody(maxBytes)
      else if (length > maxBytes)
        return new Refusal(413, `the body has ${String(length)} bytes, ${String(maxBytes)} are allowed`)
      return undefined
    },
  }
}
