import type { IpAccess } from '@postern/routing-table'
import { addressSet } from '../address-set.ts'
import type { RequestFilter } from '../filter.ts'
import { Refusal } from '../reply.ts'

/** 403 for a client that is denied, or not among the allowed when there is such a list. */
export function ipAccess(lists: IpAccess): RequestFilter {
  const allow = addressSet(lists.allow)
  const deny = addressSet(lists.deny)
  return ({ client }) => {
    if (deny.contains(client.address)) return new Refusal(403, `${client.address} is on the deny list`)
    if (!allow.isEmpty && !allow.contains(client.address))
      return new Refusal(403, `${client.address} is not on the allow list`)
    return undefined
  }
}
