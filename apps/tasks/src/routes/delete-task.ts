import { Message, messages, TaskPath } from '@postern/contracts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { readIfMatch, refusedChange } from '../precondition.ts'
import { ownTasks, type TaskRouteOptions } from './own-tasks.ts'

/** `DELETE /tasks/:id`; with `If-Match` only the version that the client saw. */
export const deleteTaskRoute: FastifyPluginAsyncTypebox<TaskRouteOptions> = async (app, options) => {
  const uidOf = ownTasks(app, options)
  app.route({
    method: 'DELETE',
    url: '/tasks/:id',
    schema: {
      summary: 'Delete a task',
      security: [{ bearer: [] }],
      params: TaskPath,
      response: { 200: Message },
    },
    config: { failureMessage: messages.taskNotDeleted },
    handler: async (request) => {
      const { store } = options
      const uid = uidOf(request)
      const { id } = request.params
      const gone = await store.remove(uid, id, readIfMatch(request.headers['if-match']))
      if (!gone) throw await refusedChange(store, uid, id)
      return { message: messages.taskDeleted }
    },
  })
}
