import { noteAt } from '@postern/control-plane'
import type { Rule } from '../rule.ts'

/** An image without a tag, or with `latest`: what runs tomorrow is not what was tested today. */
export const imageTag: Rule = ({ world }) =>
  world.workloads.flatMap(({ ref, manifest, containers }) =>
    containers.flatMap(({ image, at }) => {
      if (image === undefined || image.includes('@sha256:')) return []
      const tag = /:([^/:]+)$/.exec(image)?.[1]
      if (tag !== undefined && tag !== 'latest') return []
      const message = `${image} ${tag === undefined ? 'has no tag, which means latest' : 'is whatever was pushed last'}`
      const note = { severity: 'warning', code: 'image-latest', message, fix: 'name a version' } as const
      return [noteAt(manifest, ref, [...at, 'image'], note)]
    }),
  )
