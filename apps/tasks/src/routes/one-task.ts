import { messages, OneTask, TaskPath } from '@postern/contracts'
import { HttpProblem } from '@postern/service'
import { Type } from 'typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { isKnown } from '../precondition.ts'
import { entityTag, presentTask } from '../present-task.ts'
import { ownTasks, type TaskRouteOptions } from './own-tasks.ts'

/** No body, as opposed to a body that says null. */
const KNOWN = Type.Unsafe<undefined>(Type.Null({ description: 'The client has this version.' }))

/**
 * `GET /tasks/:id`: one task with its entity tag; 304 to a client that has it (`If-None-Match`). A task of somebody else is as
 * absent as one that never was.
 */
export const oneTaskRoute: FastifyPluginAsyncTypebox<TaskRouteOptions> = async (app, options) => {
  const uidOf = ownTasks(app, options)
  app.route({
    method: 'GET',
    url: '/tasks/:id',
    schema: {
      summary: 'Show a task',
      security: [{ bearer: [] }],
      params: TaskPath,
      response: { 200: OneTask, 304: KNOWN },
    },
    config: { failureMessage: messages.tasksNotLoaded },
    handler: async (request, reply) => {
      const task = await options.store.find(uidOf(request), request.params.id)
      if (task === undefined) throw new HttpProblem(404, 'task-not-found', messages.taskNotFound)
      reply.header('etag', entityTag(task))
      if (isKnown(request.headers['if-none-match'], task.version)) return reply.code(304).send(undefined)
      return { message: messages.taskLoaded, task: presentTask(task, 'full') }
    },
  })
}
