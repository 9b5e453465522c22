import { Command, CommanderError } from 'commander'
import { checkCommand } from './commands/check.ts'
import { diffCommand } from './commands/diff.ts'
import { explainCommand } from './commands/explain.ts'
import { serveCommand } from './commands/serve.ts'
import { tableCommand } from './commands/table.ts'
import type { ServeSettings } from './settings.ts'
import { VERSION } from './version.ts'

const USAGE = 2

/** Runs the command line. Exit codes: 0 fine, 1 findings or failure, 2 wrong usage. */
export async function runProgram(
  argv: readonly string[],
  serve: (settings: ServeSettings) => Promise<void>,
): Promise<number | undefined> {
  const program = new Command('postern')
    .description('Serves your Kubernetes Ingress manifests, on a laptop and in a cluster, and can say why.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help, or that of a command')
    .showHelpAfterError('(add --help for the flags)')
    .exitOverride()
  for (const command of [
    serveCommand(serve),
    checkCommand(),
    explainCommand(),
    diffCommand(),
    tableCommand(),
  ]) {
    program.addCommand(command.copyInheritedSettings(program))
  }
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return undefined
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE
    process.stderr.write(`postern: ${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}
