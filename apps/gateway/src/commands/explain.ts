import { Command } from 'commander'
import { repeatable } from '../flags.ts'
import { addManifestOptions, type ManifestOptions } from './manifest-options.ts'

export interface ExplainOptions extends ManifestOptions {
  readonly manifests: readonly string[]
  readonly method?: string
  readonly header?: readonly string[]
  readonly from?: string
  readonly json?: boolean
}

const EXAMPLES = `
Examples:
  postern explain https://shop.example/cart --manifests ingress/
  postern explain shop.example/cart -X POST -H 'Origin: https://a.example' --manifests .
  kubectl get ingress,service,endpointslices,secret -A -o yaml |
    postern explain https://shop.example/cart --manifests -
  postern explain service shop --manifests .`

/** `postern explain`: which rule a request meets, and why; or what a Service, a name, a certificate is. */
export function explainCommand(): Command {
  const text = (value: string) => value
  const command = new Command('explain')
    .description('say which rule a request would meet, and why; sends nothing')
    .argument('<what...>', 'a URL; or: service NAME, dns NAME --from NAMESPACE, env SERVICE, tls HOST')
    .requiredOption(
      '--manifests <path>',
      'file, folder (recursive), or - for standard input; repeatable',
      repeatable(text),
    )
    .option('-X, --method <method>', 'method of the request')
    .option('-H, --header <line>', "header of the request, as 'Name: value'; repeatable", repeatable(text))
    .option('--from <ip|namespace>', "the client's address; with dns, the namespace that asks")
    .option('--json', 'the answer as JSON (docs/explain.schema.json)')
    .addHelpText('after', EXAMPLES)
  return addManifestOptions(command).action(async (words: readonly string[], options: ExplainOptions) => {
    const { runExplain } = await import('./run-explain.ts')
    await runExplain(words, options, command)
  })
}
