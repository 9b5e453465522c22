import type { Command } from 'commander'
import {
  dnsTopic,
  envTopic,
  explain,
  makeSubject,
  parseExplainRequest,
  readWorld,
  renderExplanation,
  renderTopic,
  serviceTopic,
  tlsTopic,
  type Topic,
} from '@postern/explain'
import { readManifestsOrTell } from '../read-manifests.ts'
import type { ExplainOptions } from './explain.ts'
import { compileSettings } from './manifest-options.ts'
import { paintFor, widthOf } from './paint.ts'

/** Answers one question on standard output. Exit code 1 when what is asked about is not there. */
export async function runExplain(
  words: readonly string[],
  options: ExplainOptions,
  command: Command,
): Promise<void> {
  const ask = question(words, options, command)
  const set = await readManifestsOrTell(options.manifests)
  process.stdout.write(await ask(set))
}

type Ask = (set: Awaited<ReturnType<typeof readManifestsOrTell>>) => string | Promise<string>

/** Reads the words before any file, so that wrong usage is told at once. */
function question(
  [what = '', name, ...rest]: readonly string[],
  options: ExplainOptions,
  command: Command,
): Ask {
  const paint = paintFor(process.stdout, process.env)
  const show = (topic: Topic): string => {
    if (topic.missing) process.exitCode = 1
    return options.json === true
      ? `${JSON.stringify(topic, null, 2)}\n`
      : renderTopic(topic, paint, widthOf(process.stdout, process.env))
  }
  const usage = (message: string): never => command.error(`error: ${message}`, { exitCode: 2 })
  if (rest.length > 0) usage(`one question at a time; "${rest.join(' ')}" is too much`)
  if (name === undefined) return askUrl(what, options, usage)
  switch (what) {
    case 'service':
      return (set) => show(serviceTopic(name, readWorld(set)))
    case 'dns':
      return (set) => show(dnsTopic(name, options.from ?? 'default', readWorld(set)))
    case 'env':
      return (set) => show(envTopic(name, readWorld(set)))
    case 'tls': {
      // A URL is as good as a host: it is what people have at hand.
      const { serverName } = parsed({ url: name }, usage)
      return (set) => show(tlsTopic(serverName, makeSubject(set, compileSettings(options)), new Date()))
    }
    default:
      return usage(`expected a URL, or service, dns, env or tls and a name; got "${what} ${name}"`)
  }
}

function askUrl(url: string, options: ExplainOptions, usage: (message: string) => never): Ask {
  if (['service', 'dns', 'env', 'tls'].includes(url)) usage(`explain ${url}: name what you ask about`)
  const { method, header, from } = options
  const words = { url, ...(method && { method }), ...(header && { headers: header }), ...(from && { from }) }
  const request = parsed(words, usage)
  return async (set) => {
    const explanation = await explain(makeSubject(set, compileSettings(options)), request)
    if (options.json === true) return `${JSON.stringify(explanation, null, 2)}\n`
    return renderExplanation(
      explanation,
      paintFor(process.stdout, process.env),
      widthOf(process.stdout, process.env),
    )
  }
}

function parsed(words: Parameters<typeof parseExplainRequest>[0], usage: (message: string) => never) {
  try {
    return parseExplainRequest(words)
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error))
  }
}
