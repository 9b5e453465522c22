/** What a page for an error tells. */
export interface ErrorPage {
  /** The HTTP status, 400 to 599. */
  readonly status: number
  /** What went wrong, in a few words: the status' name. */
  readonly title: string
  /** One sentence for a person. */
  readonly message: string
  /** The request that failed, as the client wrote it. */
  readonly path: string
  /** The id under which the gateway logged the request, when it sent one. */
  readonly requestId: string | undefined
}

/** The page as one HTML document: no outside file, no script, every value escaped, light and dark. */
export function htmlPage(page: ErrorPage): string {
  const reference =
    page.requestId === undefined ? '' : `<p class="id">Request <code>${escape(page.requestId)}</code></p>`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${page.status} ${escape(page.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<p class="status" aria-hidden="true">${page.status}</p>
<h1>${escape(page.title)}</h1>
<p>${escape(page.message)}</p>
<p class="path"><code>${escape(page.path)}</code></p>
${reference}
</main>
</body>
</html>
`
}

/** The page as a JSON problem (RFC 9457) that keeps the `message` which every service of the system answers with. */
export function jsonPage(page: ErrorPage): string {
  const { status, title, message, path, requestId } = page
  return `${JSON.stringify({ message, type: 'about:blank', title, status, instance: path, requestId })}\n`
}

/** The page as one line of text. */
export function textPage(page: ErrorPage): string {
  return `${page.status} ${page.title}: ${page.message}\n`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}

/** The page's only style; the app allows exactly this text in its Content-Security-Policy. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #162022; --soft: #4c5b5e; --paper: #f4f6f7; --card: #fff; --line: #d9e0e1; --accent: #0f766e }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edee; --soft: #9fb0b3; --paper: #0f1517; --card: #182022; --line: #2b3638; --accent: #5fd4c5 }
}
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif }
main { width: min(32rem, 100%); padding: 2.5rem; background: var(--card); border: 1px solid var(--line); border-radius: 1rem }
.status { margin: 0; font-size: 3.5rem; font-weight: 700; line-height: 1; letter-spacing: -.03em; color: var(--accent) }
h1 { margin: .75rem 0 .25rem; font-size: 1.35rem }
p { margin: 0 0 .75rem; color: var(--soft) }
code { font: .875rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere }
.path { padding: .5rem .75rem; border-radius: .5rem; background: var(--paper); border: 1px solid var(--line) }
.id { margin: 0; font-size: .875rem }
`
