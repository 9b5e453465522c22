/** What the server tells the page when it starts, so that one build serves every environment. */
export interface PageConfig {
  /** Where `/tasks` is: a path of this host or an absolute URL, without a slash at the end. */
  readonly apiBase: string
  /** Where `/signup` and `/login` are; the same as `apiBase` unless the services have hosts of their own. */
  readonly usersApiBase: string
  /** A token that opens the demo account without logging in; present in demo mode only. */
  readonly demoToken?: string
}

const standalone: PageConfig = { apiBase: '/api', usersApiBase: '/api' }

/**
 * Reads the body of `/config.json`. What is absent or of another type takes its default: a plain file server has no
 * such file and may answer with the page instead, and the page works there too.
 */
export function parsePageConfig(body: unknown): PageConfig {
  if (typeof body !== 'object' || body === null) return standalone
  const { apiBase, usersApiBase, demoToken } = body as Record<string, unknown>
  const base = baseOf(apiBase) ?? standalone.apiBase
  return {
    apiBase: base,
    usersApiBase: baseOf(usersApiBase) ?? base,
    ...(typeof demoToken === 'string' && demoToken !== '' && { demoToken }),
  }
}

/** Fetches the configuration from the server that sent the page. */
export async function loadPageConfig(fetchText: typeof fetch = fetch): Promise<PageConfig> {
  try {
    const reply = await fetchText('/config.json', { headers: { accept: 'application/json' } })
    return reply.ok ? parsePageConfig(await reply.json()) : standalone
  } catch {
    // No file, no JSON or no network: the defaults are right for the first two, and the first call tells of the third.
    return standalone
  }
}

function baseOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.replace(/\/+$/, '') : undefined
}
