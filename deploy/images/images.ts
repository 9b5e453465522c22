// The images and the names they get. A test holds the manifests to this list.

export interface Image {
  /** Name of the Containerfile. */
  readonly containerfile: string
  /** Names without registry: `users:0.1.0`. All are the same image, except for what `version` says. */
  readonly tags: readonly string[]
  /** What `/version` answers, and the image's label. */
  readonly version: string
  /** False for what has no variant with a shell: nginx has one anyway. */
  readonly debug: boolean
}

/** Version of the product: package.json has the same. */
export const VERSION = '0.1.0'

/** Where images are called when they are in no registry. `localhost/` leads to no other machine. */
export const DEFAULT_PREFIX = 'localhost/postern/'

const image = (containerfile: string, tags: readonly string[], version = VERSION): Image => ({
  containerfile,
  tags,
  version,
  debug: containerfile !== 'frontend-nginx',
})

export const IMAGES: readonly Image[] = [
  image('users', [`users:${VERSION}`, 'kub-demo-users:v3']),
  image('auth', [`auth:${VERSION}`, 'kub-demo-auth:v1']),
  image('auth', ['auth:2.0.0'], '2.0.0'), // the lab's number
  image('tasks', [`tasks:${VERSION}`, 'kub-demo-tasks:v2']),
  image('frontend', [`frontend:${VERSION}`, 'kub-demo-frontend:v2']),
  image('frontend-nginx', [`frontend-nginx:${VERSION}`]),
  image('hello', ['hello:1.0.0'], '1.0.0'),
  image('hello', ['hello:2.0.0'], '2.0.0'),
  image('monolith', ['monolith:1.0.0'], '1.0.0'),
  image('proxy', [`proxy:${VERSION}`]),
  image('default-backend', [`default-backend:${VERSION}`]),
  image('gateway', [`gateway:${VERSION}`]),
]
