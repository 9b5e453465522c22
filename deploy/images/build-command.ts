import type { Image } from './images.ts'

export const ENGINES = ['docker', 'podman', 'buildah'] as const
export type Engine = (typeof ENGINES)[number]

export interface BuildOptions {
  readonly engine: Engine
  /** Folder of the repository: the context of every build. */
  readonly root: string
  /** Put before every tag: `localhost/postern/`, `registry.example/you/`. */
  readonly prefix: string
  /** The commit, for the label. */
  readonly revision: string
  /** Builds the variant with a shell, `TAG-debug`. */
  readonly debug: boolean
  /** More `--build-arg`s, as `NAME=value`. */
  readonly args: readonly string[]
  /** More flags of the engine, such as `--volume`. */
  readonly flags: readonly string[]
}

/** The command line that builds one image with all its tags. */
export function buildCommand(image: Image, options: BuildOptions): readonly string[] {
  const { engine, root, prefix, revision, debug, args, flags } = options
  const verb = engine === 'buildah' ? 'bud' : 'build'
  const tags = image.tags.map((tag) => `${prefix}${tag}${debug ? '-debug' : ''}`)
  const buildArgs = [`VERSION=${image.version}`, `REVISION=${revision}`, ...args]
  return [
    engine,
    verb,
    ...(debug ? ['--target', 'debug'] : []),
    ...['--file', `${root}/deploy/images/${image.containerfile}.Containerfile`],
    ...tags.flatMap((tag) => ['--tag', tag]),
    ...buildArgs.flatMap((arg) => ['--build-arg', arg]),
    ...flags,
    root,
  ]
}
