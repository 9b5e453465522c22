import { messages, OneTask, TaskChange, TaskPath } from '@postern/contracts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { readIfMatch, refusedChange } from '../precondition.ts'
import { entityTag, presentTask } from '../present-task.ts'
import { ownTasks, type TaskRouteOptions } from './own-tasks.ts'

/** `PATCH /tasks/:id`: edits or ticks a task; with `If-Match` only the version that the client saw, so that two tabs lose no update. */
export const changeTaskRoute: FastifyPluginAsyncTypebox<TaskRouteOptions> = async (app, options) => {
  const uidOf = ownTasks(app, options)
  app.route({
    method: 'PATCH',
    url: '/tasks/:id',
    schema: {
      summary: 'Edit or tick a task',
      security: [{ bearer: [] }],
      params: TaskPath,
      body: TaskChange,
      response: { 200: OneTask },
    },
    config: { invalidMessage: messages.taskChangeUnusable, failureMessage: messages.taskNotChanged },
    handler: async (request, reply) => {
      const { store } = options
      const uid = uidOf(request)
      const { id } = request.params
      const task = await store.change(uid, id, request.body, readIfMatch(request.headers['if-match']))
      if (task === undefined) throw await refusedChange(store, uid, id)
      reply.header('etag', entityTag(task))
      return { message: messages.taskChanged, task: presentTask(task, 'full') }
    },
  })
}
