import { messages, TaskList, TaskListQuery } from '@postern/contracts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { presentTask } from '../present-task.ts'
import { readPage } from '../read-page.ts'
import { ownTasks, type TaskRouteOptions } from './own-tasks.ts'

/** As many as a list may hold; without `limit` it holds them. */
const LONGEST_LIST = 1_000

/** `GET /tasks`: the account's tasks in the order they were added, in pages when there are many. */
export const listTasksRoute: FastifyPluginAsyncTypebox<TaskRouteOptions> = async (app, options) => {
  const uidOf = ownTasks(app, options)
  app.route({
    method: 'GET',
    url: '/tasks',
    schema: {
      summary: 'List your tasks',
      security: [{ bearer: [] }],
      querystring: TaskListQuery,
      response: { 200: TaskList },
    },
    config: { failureMessage: messages.tasksNotLoaded },
    handler: async (request) => {
      const { limit = LONGEST_LIST, after, view } = request.query
      const page = { limit, ...(after !== undefined && { after }) }
      const { tasks, next } = await readPage(options.store, uidOf(request), page)
      return {
        message: messages.tasksLoaded,
        tasks: tasks.map((task) => presentTask(task, view)),
        ...(next !== undefined && { next }),
      }
    },
  })
}
