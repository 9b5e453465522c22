import { requestJson, type JsonReply } from '../json-request.ts'
import type { Course } from '../start-course.ts'
import { setTimeout as sleep } from 'node:timers/promises'

const PASSWORD = 'a-password-of-the-load'

/** Who uses the services, until when, and how long the person rests before each log-in. */
export interface Person {
  readonly name: string
  readonly pauseMs: number
  stopped(): boolean
}

/** Uses the course's services as one person with one browser does, over and over; gives how many requests that took. */
export async function useCourse(course: Course, { name, pauseMs, stopped }: Person): Promise<number> {
  const account = { email: `${name}@test.com`, password: PASSWORD }
  await expectStatus(200, requestJson(`${course.users.url}/signup`, { body: account }), 201)
  let requests = 1
  while (!stopped()) {
    requests += await useOnce(course, account)
    await sleep(pauseMs)
  }
  return requests
}

/** A log-in, a task's whole life, the usual mistakes, a renewal, a log-out. Every answer is checked: a load that fails measures nothing. */
async function useOnce({ users, tasks, auth }: Course, account: object): Promise<number> {
  const login = await expectStatus(200, requestJson(`${users.url}/login`, { body: account }))
  const token = (login.body as { readonly token: string }).token
  const cookie = cookieOf(login)
  const list = `${tasks.url}/tasks`
  await expectStatus(201, requestJson(list, { token, body: { title: 'milk', text: 'two litres' } }), 200)
  const full = await expectStatus(200, requestJson(`${list}?view=full`, { token }))
  const [task] = (full.body as { readonly tasks: readonly { readonly id: string }[] }).tasks
  const one = `${list}/${task?.id}`
  await expectStatus(
    200,
    requestJson(one, { token, method: 'PATCH', body: { done: true }, headers: { 'if-match': '"1"' } }),
  )
  await expectStatus(
    412,
    requestJson(one, { token, method: 'PATCH', body: { done: true }, headers: { 'if-match': '"1"' } }),
  )
  await expectStatus(200, requestJson(one, { token }))
  await expectStatus(204, requestJson(one, { token, method: 'DELETE' }), 200)
  await expectStatus(422, requestJson(list, { token, body: { title: 1 } }))
  await expectStatus(401, requestJson(list, { token: `${token}x` }))
  await expectStatus(404, requestJson(`${tasks.url}/nowhere/${Math.random()}`))
  await expectStatus(200, requestJson(`${auth.url}/auth/verify`, { token }))
  await expectStatus(200, requestJson(`${users.url}/me`, { token }))
  const renewed = await expectStatus(
    200,
    requestJson(`${users.url}/refresh`, { method: 'POST', headers: { cookie } }),
  )
  await expectStatus(
    200,
    requestJson(`${users.url}/logout`, { method: 'POST', headers: { cookie: cookieOf(renewed) } }),
    204,
  )
  return 14
}

async function expectStatus(status: number, asked: Promise<JsonReply>, or = status): Promise<JsonReply> {
  const reply = await asked
  if (reply.status !== status && reply.status !== or)
    throw new Error(`expected ${status}, the answer was ${reply.status} ${JSON.stringify(reply.body)}`)
  return reply
}

function cookieOf({ headers }: JsonReply): string {
  return headers.getSetCookie()[0]?.split(';')[0] ?? ''
}
