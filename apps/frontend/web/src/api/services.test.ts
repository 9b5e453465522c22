import { describe, expect, test } from '@jest/globals'
import { openSession } from '../session/open-session.ts'
import { createServices } from './services.ts'

const config = { apiBase: '/api', usersApiBase: 'http://users:8080' }
const credentials = { email: ' ann@example.com ', password: ' pass ' }

/** Services whose server answers each call with the next reply; the calls are kept. */
function servicesWith(...replies: Response[]) {
  const calls: {
    url: string
    method?: string
    authorization: string | null
    ifMatch?: string
    body: unknown
  }[] = []
  const services = createServices(config, async (url, init) => {
    const headers = new Headers(init?.headers)
    const authorization = headers.get('authorization')
    const ifMatch = headers.get('if-match')
    const body = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined
    calls.push({
      url: String(url),
      method: init?.method ?? 'GET',
      authorization,
      ...(ifMatch !== null && { ifMatch }),
      body,
    })
    const reply = replies.shift()
    if (reply === undefined) throw new TypeError('fetch failed')
    return reply
  })
  return { services, calls }
}

const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status })

describe('the calls of the page', () => {
  test('S0.36 send the token as Bearer', async () => {
    const { services, calls } = servicesWith(json(200, { message: 'Tasks loaded.', tasks: [] }))
    await services.listTasks('abc')
    expect(calls).toEqual([
      { url: '/api/tasks?view=full', method: 'GET', authorization: 'Bearer abc', body: undefined },
    ])
  })

  test('sign up, then log in with the same words, the e-mail without blanks around it', async () => {
    const { services, calls } = servicesWith(
      json(201, { message: 'User created!' }),
      json(200, { token: 't' }),
    )
    const body = { email: 'ann@example.com', password: ' pass ' }
    expect(await openSession(services, 'sign-up', credentials)).toEqual({
      token: 't',
      name: 'ann@example.com',
      greeting: 'User created!',
    })
    expect(calls.map(({ url, body: sent }) => [url, sent])).toEqual([
      ['http://users:8080/signup', body],
      ['http://users:8080/login', body],
    ])
  })

  test('take tasks as they are, and leave out what is no text', async () => {
    const { services } = servicesWith(
      json(200, {
        tasks: [{ id: '1', version: 3, title: 'a', text: 'b', done: true }, { id: '2', title: 7 }, null],
      }),
    )
    expect(await services.listTasks('abc')).toEqual([
      { title: 'a', text: 'b', done: true, stored: { id: '1', version: 3 } },
      { title: '', text: '', done: false },
      { title: '', text: '', done: false },
    ])
  })

  test('read a long list to its end', async () => {
    const { services, calls } = servicesWith(
      json(200, { tasks: [{ title: 'a', text: '1' }], next: 'f0' }),
      json(200, { tasks: [{ title: 'b', text: '2' }] }),
    )
    expect((await services.listTasks('abc')).map(({ title }) => title)).toEqual(['a', 'b'])
    expect(calls.map(({ url }) => url)).toEqual(['/api/tasks?view=full', '/api/tasks?view=full&after=f0'])
  })

  test('change and delete the version that was shown', async () => {
    const { services, calls } = servicesWith(
      json(200, { message: 'Task changed.' }),
      json(412, { message: 'The task was changed meanwhile; load it again.' }),
    )
    expect(await services.changeTask('abc', { id: 'f/0', version: 2 }, { done: true })).toBe('Task changed.')
    await expect(services.deleteTask('abc', { id: 'f/0', version: 2 })).rejects.toMatchObject({ status: 412 })
    expect(calls).toEqual([
      {
        url: '/api/tasks/f%2F0',
        method: 'PATCH',
        authorization: 'Bearer abc',
        ifMatch: '"2"',
        body: { done: true },
      },
      { url: '/api/tasks/f%2F0', method: 'DELETE', authorization: 'Bearer abc', ifMatch: '"2"' },
    ])
  })

  test.each([
    ['the words of the service', json(401, { message: 'Logging in failed!' }), 401, /^Logging in failed!$/],
    [
      'a page of a gateway',
      new Response('<html>', { status: 502 }),
      502,
      /does not understand \(status 502\)/,
    ],
    ['a success without JSON', new Response('ok'), 200, /does not understand/],
    ['a success without a token', json(200, {}), 200, /sent no token/],
  ])('tell of %s', async (_what, reply, status, message) => {
    const { services } = servicesWith(reply)
    const error: unknown = await services.logIn(credentials).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'ServiceError', status })
    expect((error as Error).message).toMatch(message)
  })

  test('tell of a network that is down', async () => {
    await expect(servicesWith().services.logIn(credentials)).rejects.toMatchObject({
      status: 0,
      message: 'The server could not be reached. Check your connection and try again.',
    })
  })

  test('renew an expired token once, however many calls meet it, and go on with the new one', async () => {
    const refused = () => json(401, { message: 'Could not verify token.' })
    const tasks = () => json(200, { tasks: [] })
    const { services, calls } = servicesWith(
      ...[refused(), refused(), json(200, { token: 'new' }), tasks(), tasks(), tasks()],
    )
    await Promise.all([services.listTasks('old'), services.listTasks('old')])
    await services.listTasks('old')
    expect(calls.map(({ url, authorization }) => [url, authorization])).toEqual([
      ['/api/tasks?view=full', 'Bearer old'],
      ['/api/tasks?view=full', 'Bearer old'],
      ['http://users:8080/refresh', null],
      ['/api/tasks?view=full', 'Bearer new'],
      ['/api/tasks?view=full', 'Bearer new'],
      ['/api/tasks?view=full', 'Bearer new'],
    ])
  })

  test('tell of the refusal when the session cannot be renewed', async () => {
    const { services } = servicesWith(
      json(401, { message: 'Could not verify token.' }),
      json(401, { message: 'over' }),
    )
    await expect(services.listTasks('old')).rejects.toMatchObject({
      status: 401,
      message: 'Could not verify token.',
    })
  })

  test('end one session, or with it all of its account', async () => {
    const { services, calls } = servicesWith(
      json(200, { message: 'Logged out.' }),
      json(200, { message: 'x' }),
    )
    await services.logOut()
    await services.logOutEverywhere()
    expect(calls.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['POST', 'http://users:8080/logout', undefined],
      ['POST', 'http://users:8080/logout', { everywhere: true }],
    ])
  })

  test('take up an earlier session', async () => {
    const { services, calls } = servicesWith(
      json(200, { token: 't' }),
      json(200, { email: 'ann@example.com' }),
    )
    expect(await services.resume()).toEqual({ token: 't', email: 'ann@example.com' })
    expect(calls.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST http://users:8080/refresh',
      'GET http://users:8080/me',
    ])
  })
})
