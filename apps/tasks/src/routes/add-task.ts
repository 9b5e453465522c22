import { messages, StoredTask, TaskText, TaskViewQuery } from '@postern/contracts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { entityTag, presentTask } from '../present-task.ts'
import { ownTasks, type TaskRouteOptions } from './own-tasks.ts'

/** `POST /tasks`: 201 once the task is on the disk, with its address and entity tag. */
export const addTaskRoute: FastifyPluginAsyncTypebox<TaskRouteOptions> = async (app, options) => {
  const uidOf = ownTasks(app, options)
  app.route({
    method: 'POST',
    url: '/tasks',
    schema: {
      summary: 'Add a task',
      security: [{ bearer: [] }],
      body: TaskText,
      querystring: TaskViewQuery,
      response: { 201: StoredTask },
    },
    config: { invalidMessage: messages.taskIncomplete, failureMessage: messages.taskNotStored },
    handler: async (request, reply) => {
      const task = await options.store.add(uidOf(request), request.body)
      reply.code(201).headers({ location: `/tasks/${task.id}`, etag: entityTag(task) })
      return { message: messages.taskStored, createdTask: presentTask(task, request.query.view) }
    },
  })
}
