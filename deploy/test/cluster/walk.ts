// The printed commands of the course as one walk: sign up, log in, store a task, list.
import { expect } from '@jest/globals'
import { curl, postJson, type World } from './world.ts'

export const ACCOUNT = { email: 'aaa@aaa.com', password: 'aaa' }
export const TASK = { text: 'A second task', title: 'Do this,too' }
export const BEARER = ['-H', 'Authorization: Bearer abc']

/** Signup, login, store, list: V7, V4 and V5, with the statuses in that order. */
export async function walk(world: World, users: string, tasks: string): Promise<readonly number[]> {
  const answers = [
    await postJson(world, `${users}/signup`, ACCOUNT),
    await postJson(world, `${users}/login`, ACCOUNT),
    await postJson(world, `${tasks}/tasks`, TASK, ...BEARER),
    await curl(world, '-X', 'GET', ...BEARER, `${tasks}/tasks`),
  ]
  expect(answers[3]?.body).toContain('Do this,too')
  return answers.map(({ status }) => status)
}
