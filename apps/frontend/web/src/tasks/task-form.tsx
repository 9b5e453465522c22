import { useRef, useState, type FormEvent } from 'react'
import type { TaskDraft } from '../api/task.ts'
import { describeError } from '../look/describe-error.ts'
import { Field, TextField } from '../look/field.tsx'
import { Notice } from '../look/notice.tsx'
import { isRefusal } from './is-refusal.ts'

interface TaskFormProps {
  /** Stores the draft and gives the service's message. */
  onAdd(draft: TaskDraft): Promise<string>
  onAdded(message: string): void
  onRefusal(): void
}

const EMPTY: TaskDraft = { title: '', text: '' }

/** The form for a new task; what was typed stays when storing fails. */
export function TaskForm({ onAdd, onAdded, onRefusal }: TaskFormProps) {
  const [draft, setDraft] = useState(EMPTY)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const titleInput = useRef<HTMLInputElement>(null)

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setProblem(undefined)
    try {
      const message = await onAdd(draft)
      setDraft(EMPTY)
      onAdded(message)
      titleInput.current?.focus()
    } catch (error) {
      if (isRefusal(error)) onRefusal()
      else setProblem(describeError(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <section className="card" aria-labelledby="new-task-title">
      <h2 id="new-task-title">New task</h2>
      {problem !== undefined && <Notice role="alert">{problem}</Notice>}
      <form onSubmit={submit} noValidate>
        <Field
          label="Title"
          name="title"
          inputRef={titleInput}
          autoComplete="off"
          autoFocus
          value={draft.title}
          onChange={(event) => setDraft({ ...draft, title: event.target.value })}
        />
        <TextField
          label="Text"
          name="text"
          rows={2}
          value={draft.text}
          onChange={(event) => setDraft({ ...draft, text: event.target.value })}
        />
        <div className="actions">
          <button type="submit" className="button primary" aria-disabled={busy}>
            {busy ? 'Adding…' : 'Add task'}
          </button>
        </div>
      </form>
    </section>
  )
}
