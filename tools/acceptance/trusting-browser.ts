import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { chromium, type Browser } from 'playwright-core'

/** A Chromium with a home of its own. */
export interface OwnBrowser {
  readonly browser: Browser
  /** Closes it and removes its home. */
  close(): Promise<void>
}

/** The programs it takes. */
export interface BrowserParts {
  readonly chromium: string
  readonly certutil: string
}

const run = promisify(execFile)

/**
 * Starts Chromium with one authority added to the certificate store of its home, as a person would import it; without
 * `authorityFile` it trusts what every Chromium trusts. Errors of certificates are not ignored.
 */
export async function openBrowser(parts: BrowserParts, authorityFile?: string): Promise<OwnBrowser> {
  const home = await mkdtemp(join(tmpdir(), 'postern-browser-'))
  const store = `sql:${join(home, '.pki/nssdb')}`
  await mkdir(join(home, '.pki/nssdb'), { recursive: true })
  await run(parts.certutil, ['-d', store, '-N', '--empty-password'])
  if (authorityFile !== undefined) {
    await run(parts.certutil, ['-d', store, '-A', '-t', 'C,,', '-n', 'postern', '-i', authorityFile])
  }
  const browser = await chromium.launch({
    executablePath: parts.chromium,
    args: ['--no-sandbox'],
    env: { ...process.env, HOME: home },
  })
  return {
    browser,
    close: async () => {
      await browser.close()
      await rm(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
