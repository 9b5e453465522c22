import { ServiceError } from '../api/call-service.ts'

/** What to tell a person about a failed call: the service's own words, or a sentence for what nobody foresaw. */
export function describeError(error: unknown): string {
  return error instanceof ServiceError
    ? error.message
    : 'Something unexpected went wrong on this page. Please reload it.'
}
