// Keeps what the programs of a Jest run write (libs/testing/src/test-logs.ts) and fails the run when a line shows a secret. The kept
// logs stay when something was found.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scanLogs } from './scan-logs.ts'

const MOST_SHOWN = 20

export default class LogScanReporter {
  #folder
  #error

  onRunStart() {
    this.#folder = mkdtempSync(join(tmpdir(), 'test-logs-'))
    // Workers inherit it.
    process.env['TEST_LOGS'] = this.#folder
  }

  onRunComplete() {
    const { files, lines, secrets, findings } = scanLogs(this.#folder)
    if (findings.length > 0) {
      const shown = findings
        .slice(0, MOST_SHOWN)
        .map(({ file, line, what }) => `  ${file}:${line} shows ${what}`)
      const more = findings.length > MOST_SHOWN ? [`  and ${findings.length - MOST_SHOWN} more`] : []
      this.#error = new Error(`Logs in ${this.#folder} show secrets:\n${[...shown, ...more].join('\n')}`)
      process.stderr.write(`\n${this.#error.message}\n`)
      return
    }
    rmSync(this.#folder, { recursive: true })
    if (files > 0)
      process.stderr.write(
        `\nLog scan: ${lines} lines of ${files} programs show none of ${secrets} secrets.\n`,
      )
  }

  getLastError() {
    return this.#error
  }
}
