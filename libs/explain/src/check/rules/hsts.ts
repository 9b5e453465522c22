import { noteAt, type ManifestSet } from '@postern/control-plane'
import { asObject, asTexts, refOf } from '../../world/workload.ts'
import type { Rule } from '../rule.ts'

/** HSTS that is hard to take back: browsers remember it, and preload lists for years. */
export const hsts: Rule = ({ world }) =>
  world.manifests.filter(isControllerConfig).flatMap((manifest) => {
    const data = asTexts(manifest.content['data'])
    const off = data['hsts'] === 'false'
    const seconds = Number(data['hsts-max-age'] ?? 31_536_000)
    if (off || data['hsts-preload'] !== 'true') return []
    const message =
      seconds < 31_536_000
        ? `preload asks browsers' lists to take these hosts for good, and they refuse a max-age of ${String(seconds)} seconds, less than a year`
        : `preload asks browsers' lists to take these hosts and all below them for good`
    const fix = "set hsts-preload: 'false' unless every subdomain serves HTTPS for years to come"
    const note = { severity: 'warning', code: 'hsts-preload', message, fix } as const
    return [noteAt(manifest, refOf(manifest), ['data', 'hsts-preload'], note)]
  })

function isControllerConfig({ content }: ManifestSet['manifests'][number]): boolean {
  return content['kind'] === 'ConfigMap' && 'hsts-preload' in asObject(content['data'])
}
