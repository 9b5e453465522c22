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
