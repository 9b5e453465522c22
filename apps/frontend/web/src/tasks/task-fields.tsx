import type { Ref } from 'react'
import type { TaskDraft } from '../api/task.ts'
import { Field, TextField } from '../look/field.tsx'

interface TaskFieldsProps {
  readonly draft: TaskDraft
  onChange(draft: TaskDraft): void
  readonly titleInput?: Ref<HTMLInputElement>
}

/** The two lines of a task that a person writes. */
export function TaskFields({ draft, onChange, titleInput }: TaskFieldsProps) {
  return (
    <>
      <Field
        label="Title"
        name="title"
        {...(titleInput && { inputRef: titleInput })}
        autoComplete="off"
        autoFocus
        value={draft.title}
        onChange={(event) => onChange({ ...draft, title: event.target.value })}
      />
      <TextField
        label="Text"
        name="text"
        rows={2}
        value={draft.text}
        onChange={(event) => onChange({ ...draft, text: event.target.value })}
      />
    </>
  )
}
