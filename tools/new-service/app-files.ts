// The app of a new service: settings → app → run, one route with its schema, and a test over a real socket.

/** The service to be made. */
export interface NewService {
  readonly name: string
  readonly port: number
}

/** As prettier writes it. */
const TSCONFIG = `{
  "extends": "../../tsconfig.base.json",
  "include": ["src", "test"]
}
`

/** The app's files by path from the repository's root. */
export function appFiles({ name, port }: NewService): Readonly<Record<string, string>> {
  const app = `apps/${name}`
  const title = name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ')
  return {
    [`${app}/package.json`]: `${JSON.stringify(manifest(name), null, 2)}\n`,
    [`${app}/tsconfig.json`]: TSCONFIG,
    [`${app}/src/main.ts`]: `import { createService, readServiceSettings, runService, startMain } from '@postern/service'
import { greetRoute } from './routes/greet.ts'

const docs = { title: '${title}', description: 'Says what the service is for.' }

await startMain(async () => {
  const settings = readServiceSettings('${name}', { port: ${port} })
  const app = createService(settings, { docs })
  app.register(greetRoute)
  return runService(app, settings)
})
`,
    [`${app}/src/routes/greet.ts`]: `import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

const Greeting = Type.Object({ message: Type.String() })
const Name = Type.Object({ name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) })

/** \`GET /\`: greets, by name when there is one. */
export const greetRoute: FastifyPluginAsyncTypebox = async (app) => {
  app.route({
    method: 'GET',
    url: '/',
    schema: { summary: 'Greet', querystring: Name, response: { 200: Greeting } },
    handler: ({ query }) => ({ message: \`Hello, \${query.name ?? 'you'}.\` }),
  })
}
`,
    [`${app}/test/${name}.test.ts`]: `import { expect, jest, test } from '@jest/globals'
import { requestJson, startApp } from '@postern/testing'

jest.setTimeout(60_000)

test('${name} greets, describes itself and stops when it is told to', async () => {
  const app = await startApp({ folder: 'apps/${name}' })
  expect((await requestJson(\`\${app.url}/?name=Ada\`)).body).toEqual({ message: 'Hello, Ada.' })
  expect((await requestJson(\`\${app.url}/?name=\`)).status).toBe(422)
  expect((await requestJson(\`\${app.url}/openapi.json\`)).body).toMatchObject({ openapi: '3.1.0' })
  expect((await fetch(\`\${app.healthUrl}/readiness\`)).status).toBe(200)
  expect(await app.stop()).toBe(0)
})
`,
  }
}

function manifest(name: string): object {
  return {
    name: `@postern/${name}`,
    version: '0.1.0',
    private: true,
    type: 'module',
    nx: { tags: ['type:app', 'scope:service'] },
    dependencies: { '@postern/service': '*' },
  }
}
