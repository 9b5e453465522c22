import { messages, StoredTask, TaskText, TaskViewQuery } from '@postern/contracts'
import { HttpProblem } from '@postern/service'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { entityTag, presentTask } from '../present-task.ts'
import { ownTasks, type TaskRouteOptions } from './own-tasks.ts'

/** What {@link addTaskRoute} needs. */
export interface AddTaskOptions extends TaskRouteOptions {
  readonly tasksPerAccount: number
}

/** `POST /tasks`: 201 once the task is on the disk, with its address and entity tag; 409 when the account has as many as it may. */
export const addTaskRoute: FastifyPluginAsyncTypebox<AddTaskOptions> = async (app, options) => {
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
      const { store, tasksPerAccount } = options
      const uid = uidOf(request)
      // Requests of one moment may pass together: the bound is for the disk, not for counting.
      if (await store.has(uid, tasksPerAccount))
        throw new HttpProblem(409, 'too-many-tasks', messages.tooManyTasks)
      const task = await store.add(uid, request.body)
      reply.code(201).headers({ location: `/tasks/${task.id}`, etag: entityTag(task) })
      return { message: messages.taskStored, createdTask: presentTask(task, request.query.view) }
    },
  })
}
