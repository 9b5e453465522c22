import { STATUS_CODES } from 'node:http'

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'The request could not be understood.',
  401: 'This page needs you to log in.',
  403: 'You may not see this page.',
  404: 'There is nothing at this address.',
  408: 'The request took too long to arrive.',
  413: 'The request is larger than is allowed here.',
  429: 'Too many requests; please try again in a moment.',
  500: 'Something went wrong on our side; please try again later.',
  502: 'The service behind this address gave no valid answer; please try again later.',
  503: 'The service behind this address is not available at the moment; please try again later.',
  504: 'The service behind this address took too long to answer; please try again later.',
}

/**
 * The status to answer with. `code` is the `X-Code` header: ingress-nginx sends the status that it replaces and
 * expects the same status back. Anything but an error status (400 to 599) is answered with 404.
 */
export function readErrorStatus(code: string | undefined): number {
  if (code === undefined || !/^[45]\d\d$/.test(code)) return 404
  return Number(code)
}

/** The status' name, as in RFC 9110 and the IANA registry. */
export function titleOf(status: number): string {
  return STATUS_CODES[status] ?? (status < 500 ? 'Request Error' : 'Server Error')
}

/** One sentence about the status for a person. */
export function messageOf(status: number): string {
  return (
    MESSAGES[status] ??
    (status < 500
      ? 'The request could not be served.'
      : 'Something went wrong on our side; please try again later.')
  )
}
