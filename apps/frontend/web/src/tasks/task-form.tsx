import { useRef, useState, type FormEvent } from 'react'
import type { TaskDraft } from '../api/task.ts'
import { Notice } from '../look/notice.tsx'
import { TaskFields } from './task-fields.tsx'
import { useAction } from '../session/use-action.ts'

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
  const { busy, problem, run } = useAction(onRefusal)
  const titleInput = useRef<HTMLInputElement>(null)

  function submit(event: FormEvent) {
    event.preventDefault()
    run(async () => {
      const message = await onAdd(draft)
      setDraft(EMPTY)
      onAdded(message)
      titleInput.current?.focus()
    })
  }

  return (
    <section className="card" aria-labelledby="new-task-title">
      <h2 id="new-task-title">New task</h2>
      {problem !== undefined && <Notice role="alert">{problem}</Notice>}
      <form onSubmit={submit} noValidate>
        <TaskFields draft={draft} onChange={setDraft} titleInput={titleInput} />
        <div className="actions">
          <button type="submit" className="button primary" aria-disabled={busy}>
            {busy ? 'Adding…' : 'Add task'}
          </button>
        </div>
      </form>
    </section>
  )
}
