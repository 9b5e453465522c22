import { createAuthenticate, followTokenEnds } from '@postern/auth/fastify'
import { createAuthClient } from '@postern/clients'
import type { FastifyPluginAsync } from 'fastify'
import { mkdirSync } from 'node:fs'
import { importOldFile } from './import-old-file.ts'
import { refuseToken } from './refuse-token.ts'
import { addTaskRoute } from './routes/add-task.ts'
import { changeTaskRoute } from './routes/change-task.ts'
import { deleteAllTasksRoute } from './routes/delete-all-tasks.ts'
import { deleteTaskRoute } from './routes/delete-task.ts'
import { listTasksRoute } from './routes/list-tasks.ts'
import { oneTaskRoute } from './routes/one-task.ts'
import type { TasksSettings } from './settings.ts'
import { openTaskStore } from './task-store.ts'
import { createVerify } from './verify.ts'

/** Composes tasks: each account's list on disk, tokens verified with auth's keys. */
export function tasksApp(settings: TasksSettings): FastifyPluginAsync {
  const { folder, database, auth, demo, tasksPerAccount } = settings
  return async (app) => {
    mkdirSync(folder, { recursive: true })
    const store = await openTaskStore(database, app.log)
    app.readinessChecks.push(store.ping)
    await importOldFile(folder, store, app.log)
    app.log.info(`auth is at ${auth.origin} (${auth.way})`)
    const client = createAuthClient(auth)
    app.addHook('onClose', async () => {
      await client.close()
      await store.close()
    })
    const ends = followTokenEnds(app, () => client.tokenEnds())
    const verify = createVerify(auth, client, { demo, ends })
    const authenticate = createAuthenticate({ verify, refuse: refuseToken })
    app.register(listTasksRoute, { store, authenticate })
    app.register(addTaskRoute, { store, authenticate, tasksPerAccount })
    app.register(oneTaskRoute, { store, authenticate })
    app.register(changeTaskRoute, { store, authenticate })
    app.register(deleteTaskRoute, { store, authenticate })
    app.register(deleteAllTasksRoute, { store, authenticate })
  }
}
