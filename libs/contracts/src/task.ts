import { Type, type Static } from 'typebox'
import { visibleText } from './text.ts'

const TITLE_LENGTH = 200
const TEXT_LENGTH = 10_000

/** What `POST /tasks` takes and, in this order, gives back. */
export const TaskText = Type.Object(
  {
    title: visibleText(TITLE_LENGTH, 'What is to be done.'),
    text: visibleText(TEXT_LENGTH, 'More about it.'),
  },
  { title: 'TaskText' },
)
export type TaskText = Static<typeof TaskText>

/** What `PATCH /tasks/:id` takes: what is left out stays. */
export const TaskChange = Type.Object(
  {
    title: Type.Optional(TaskText.properties.title),
    text: Type.Optional(TaskText.properties.text),
    done: Type.Optional(Type.Boolean()),
  },
  { title: 'TaskChange', minProperties: 1, additionalProperties: false },
)
export type TaskChange = Static<typeof TaskChange>

/** An id in a list: where the next page begins. */
const TaskId = Type.String({ pattern: '^[0-9a-f]{26}$', description: 'The id of a task.' })

const view = Type.Optional(
  Type.Literal('full', { description: 'Also gives id, done, version and createdAt of each task.' }),
)

/** The query of requests that answer one task. */
export const TaskViewQuery = Type.Object({ view })

/** The path of one task. */
export const TaskPath = Type.Object({ id: TaskId })

/** The query of `GET /tasks`. */
export const TaskListQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
  after: Type.Optional(TaskId),
  view,
})

/** What a client sees of a task: the course's two fields, the others with `view=full` only. */
export const TaskView = Type.Object(
  {
    title: Type.String(),
    text: Type.String(),
    id: Type.Optional(TaskId),
    done: Type.Optional(Type.Boolean()),
    version: Type.Optional(Type.Integer({ minimum: 1 })),
    createdAt: Type.Optional(Type.String({ description: 'ISO 8601.' })),
  },
  { title: 'Task' },
)
export type TaskView = Static<typeof TaskView>

/** What `GET /tasks` answers. */
export const TaskList = Type.Object(
  {
    message: Type.String(),
    tasks: Type.Array(TaskView),
    next: Type.Optional(TaskId),
  },
  { title: 'TaskList' },
)

/** What `POST /tasks` answers. */
export const StoredTask = Type.Object(
  { message: Type.String(), createdTask: TaskView },
  { title: 'StoredTask' },
)

/** What `GET` and `PATCH /tasks/:id` answer. */
export const OneTask = Type.Object({ message: Type.String(), task: TaskView }, { title: 'OneTask' })
