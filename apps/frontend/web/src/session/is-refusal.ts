import { ServiceError } from '../api/call-service.ts'

/** Says whether a service refused the token: it expired, or was withdrawn, and logging in again is the way on. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ServiceError && error.status === 401
}
