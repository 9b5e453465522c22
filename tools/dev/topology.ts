// Which processes make up the system, what each one stands for and what it is told.
import { join } from 'node:path'
import { authority, LOOPBACK, type Address, type FixedPorts } from './addresses.ts'

/** What an app may ask about the system while its environment is made. */
export interface Surroundings {
  readonly ports: FixedPorts
  readonly dataFolder: string
  /** The key that auth, hello and the monolith sign and check the lab's tokens with. */
  readonly labSecretFile: string
  readonly manifestFolders: readonly string[]
  readonly addressOf: (app: string) => string
}

/** One process. Without `port` it takes a free one, on an address of its own where the system allows. */
export interface AppSpec {
  readonly name: string
  /** Folder of the app, from the repository's root. */
  readonly folder: string
  /** All start at once; they stop by stage, the lowest first, so that a caller goes before what it calls. */
  readonly stopStage: 0 | 1 | 2 | 3
  readonly port?: keyof FixedPorts
  readonly healthPort?: keyof FixedPorts
  /** `namespace/name` of the Services whose endpoint it is. */
  readonly services?: readonly string[]
  readonly env?: (around: Surroundings) => Readonly<Record<string, string>>
  readonly args?: (around: Surroundings) => readonly string[]
  readonly readyPath?: string
}

const withLabSecret = ({ labSecretFile }: Surroundings) => ({ JWT_SECRET_FILE: labSecretFile })
const on = (port: number): Address => ({ host: LOOPBACK, port })

// Three replicas behind one Service, so that balancing can be seen.
const hello = ['hello-1', 'hello-2', 'hello-3'].map((name): AppSpec => ({
  name,
  folder: 'apps/hello',
  stopStage: 2,
  services: ['default/hello'],
  env: withLabSecret,
}))

export const APPS: readonly AppSpec[] = [
  {
    name: 'auth',
    folder: 'apps/auth',
    stopStage: 3,
    // The same process answers for the course's auth-service and for the lab's auth.
    services: ['default/auth-service', 'default/auth'],
    env: (around) => ({ ...withLabSecret(around), JWT_KEY_FOLDER: join(around.dataFolder, 'auth') }),
  },
  {
    name: 'users',
    folder: 'apps/users',
    stopStage: 2,
    port: 'users',
    services: ['default/users-service'],
    env: ({ addressOf, dataFolder }) => ({
      AUTH_ADDRESS: addressOf('auth'),
      // Asked when an account is deleted with its tasks.
      TASKS_ADDRESS: addressOf('tasks'),
      DATABASE_URL: `sqlite:${join(dataFolder, 'users.db')}`,
    }),
  },
  {
    name: 'tasks',
    folder: 'apps/tasks',
    stopStage: 2,
    port: 'tasks',
    services: ['default/tasks-service'],
    env: ({ addressOf, dataFolder }) => ({
      AUTH_ADDRESS: addressOf('auth'),
      TASKS_FOLDER: join(dataFolder, 'tasks'),
    }),
  },
  ...hello,
  {
    name: 'hello-app',
    folder: 'apps/hello',
    stopStage: 2,
    services: ['helloworld/hello-app-service'],
    env: (around) => ({ ...withLabSecret(around), HELLO_TEXT: 'Hello Kubernetes!' }),
  },
  {
    name: 'proxy',
    folder: 'apps/proxy',
    stopStage: 1,
    services: ['default/proxy-app-service'],
    env: ({ addressOf }) => ({ API_URL: `http://${addressOf('hello-app')}` }),
  },
  {
    name: 'monolith',
    folder: 'apps/monolith',
    stopStage: 2,
    port: 'monolith',
    healthPort: 'monolithHealth',
    env: withLabSecret,
    // The lab starts it with flags, so they are tried on every start.
    args: ({ ports }) => [
      `-http=${authority(on(ports.monolith))}`,
      `-health=${authority(on(ports.monolithHealth))}`,
    ],
  },
  {
    name: 'default-backend',
    folder: 'apps/default-backend',
    stopStage: 1,
    services: ['default/default-http-backend'],
  },
  {
    name: 'frontend',
    folder: 'apps/frontend/server',
    stopStage: 1,
    services: ['default/frontend-service'],
    env: ({ addressOf }) => ({ USERS_ADDRESS: addressOf('users'), TASKS_ADDRESS: addressOf('tasks') }),
  },
  {
    name: 'gateway',
    folder: 'apps/gateway',
    stopStage: 0,
    port: 'https',
    healthPort: 'admin',
    readyPath: '/readyz',
    args: ({ ports, manifestFolders }) => [
      'serve',
      ...manifestFolders.flatMap((folder) => ['--manifests', folder]),
      ...['--http', authority(on(ports.http))],
      ...['--https', authority(on(ports.https))],
      ...['--admin', authority(on(ports.admin))],
      ...['--default-backend-service', 'default/default-http-backend'],
      ...['--default-ssl-certificate', 'default/fallback-tls'],
      // The system is for looking at: a request with `Postern-Explain: 1` is answered with its own story.
      '--explain-header',
      // Within the grace that the starter gives before it kills.
      ...['--drain-timeout', '5s'],
    ],
  },
]
