import { messages, OneTask, TaskPath } from '@postern/contracts'
import { HttpProblem } from '@postern/service'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { entityTag, presentTask } from '../present-task.ts'
import { ownTasks, type TaskRouteOptions } from './own-tasks.ts'

/** `GET /tasks/:id`: one task with its entity tag. A task of somebody else is as absent as one that never was. */
export const oneTaskRoute: FastifyPluginAsyncTypebox<TaskRouteOptions> = async (app, options) => {
  const uidOf = ownTasks(app, options)
  app.route({
    method: 'GET',
    url: '/tasks/:id',
    schema: {
      summary: 'Show a task',
      security: [{ bearer: [] }],
      params: TaskPath,
      response: { 200: OneTask },
    },
    config: { failureMessage: messages.tasksNotLoaded },
    handler: async (request, reply) => {
      const task = await options.store.find(uidOf(request), request.params.id)
      if (task === undefined) throw new HttpProblem(404, 'task-not-found', messages.taskNotFound)
      reply.header('etag', entityTag(task))
      return { message: messages.taskLoaded, task: presentTask(task, 'full') }
    },
  })
}
