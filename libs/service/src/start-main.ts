import type { RunningService } from './run-service.ts'

/** Errors that are no bugs, by name, because each kit has its own class for settings that cannot be used: the exit code. */
const EXIT_CODES: Readonly<Record<string, number>> = { SettingsError: 2, StartError: 1 }

/**
 * Runs a service's `main`: a setting that cannot be used ends the process with exit code 2 and one line on
 * standard error, a port or store that cannot be opened with 1; anything else is a bug and shows its stack.
 */
export async function startMain(start: () => Promise<RunningService>): Promise<void> {
  try {
    await start()
  } catch (error) {
    const exitCode = error instanceof Error ? EXIT_CODES[error.name] : undefined
    process.stderr.write(`${exitCode === undefined ? describe(error) : String((error as Error).message)}\n`)
    process.exit(exitCode ?? 1)
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
