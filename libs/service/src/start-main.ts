import type { RunningService } from './run-service.ts'
import { SettingsError } from './settings-error.ts'
import { StartError } from './start-error.ts'

/**
 * Runs a service's `main`: a setting that cannot be used ends the process with exit code 2 and one line on
 * standard error, a port that cannot be opened with 1; anything else is a bug and shows its stack.
 */
export async function startMain(start: () => Promise<RunningService>): Promise<void> {
  try {
    await start()
  } catch (error) {
    const expected = error instanceof SettingsError || error instanceof StartError
    process.stderr.write(`${expected ? error.message : describe(error)}\n`)
    process.exit(error instanceof SettingsError ? 2 : 1)
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
