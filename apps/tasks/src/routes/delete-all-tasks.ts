import { Message, messages } from '@postern/contracts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ownTasks, type TaskRouteOptions } from './own-tasks.ts'

/** `DELETE /tasks`: all tasks of the account; users calls it when an account is deleted. */
export const deleteAllTasksRoute: FastifyPluginAsyncTypebox<TaskRouteOptions> = async (app, options) => {
  const uidOf = ownTasks(app, options)
  app.route({
    method: 'DELETE',
    url: '/tasks',
    schema: { summary: 'Delete all your tasks', security: [{ bearer: [] }], response: { 200: Message } },
    config: { failureMessage: messages.taskNotDeleted },
    handler: async (request) => {
      await options.store.removeAll(uidOf(request))
      return { message: messages.tasksDeleted }
    },
  })
}
