import { STATUS_TEXT } from './status-text.ts'

/** A body for an answer of the gateway's own, in the form that the client accepts: JSON (RFC 9457) or a small page. */
export function problemBody(
  status: number,
  accept: string | undefined,
  requestId: string,
): { readonly type: string; readonly body: string } {
  const title = STATUS_TEXT[status] ?? 'Error'
  if (
    accept !== undefined &&
    /\bapplication\/(problem\+)?json\b/i.test(accept) &&
    !/\btext\/html\b/i.test(accept)
  ) {
    return {
      type: 'application/problem+json',
      body: `${JSON.stringify({ type: 'about:blank', title, status, requestId: plain(requestId) })}\n`,
    }
  }
  const heading = `${String(status)} ${title}`
  return {
    type: 'text/html; charset=utf-8',
    body: `<!doctype html>\n<html lang="en"><title>${heading}</title>\n<h1>${heading}</h1>\n<p>Request ${plain(requestId)}</p>\n</html>\n`,
  }
}

// The id may be the client's own: what it sends back must stay text.
function plain(requestId: string): string {
  return requestId.replace(/[^A-Za-z0-9._:-]/g, '').slice(0, 64)
}
