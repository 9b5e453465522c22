import { useState, type FormEvent } from 'react'
import type { Services } from '../api/services.ts'
import { describeError } from '../look/describe-error.ts'
import { Field } from '../look/field.tsx'
import { Notice } from '../look/notice.tsx'
import { openSession, type SessionAction } from './open-session.ts'
import type { Session } from './session.ts'

interface SessionFormProps {
  readonly services: Services
  readonly notice: string | undefined
  readonly demoToken?: string
  onStart(session: Session): void
}

const WORDS = {
  'log-in': {
    title: 'Log in',
    lead: 'Welcome back. Your tasks are waiting.',
    submit: 'Log in',
    busy: 'Logging in…',
    question: 'New here?',
    other: 'Create an account',
  },
  'sign-up': {
    title: 'Sign up',
    lead: 'An e-mail address and a password are all it takes.',
    submit: 'Create account',
    busy: 'Creating your account…',
    question: 'Signed up already?',
    other: 'Log in',
  },
} as const

/** The form for whoever is not logged in: log in, or sign up and be logged in. */
export function SessionForm({ services, notice, demoToken, onStart }: SessionFormProps) {
  const [action, setAction] = useState<SessionAction>('log-in')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const words = WORDS[action]

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setProblem(undefined)
    try {
      onStart(await openSession(services, action, { email, password }))
    } catch (error) {
      setProblem(describeError(error))
      setBusy(false)
    }
  }

  function change() {
    setAction(action === 'log-in' ? 'sign-up' : 'log-in')
    setProblem(undefined)
  }

  return (
    <section className="card narrow" aria-labelledby="session-title">
      <h1 id="session-title">{words.title}</h1>
      <p className="lead">{words.lead}</p>
      {problem !== undefined && <Notice role="alert">{problem}</Notice>}
      {problem === undefined && notice !== undefined && <Notice role="status">{notice}</Notice>}
      {/* Another form for another action: the keyboard starts at its first field. */}
      <form key={action} onSubmit={submit} noValidate>
        <Field
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Field
          label="Password"
          type="password"
          name="password"
          autoComplete={action === 'log-in' ? 'current-password' : 'new-password'}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <button type="submit" className="button primary wide" aria-disabled={busy}>
          {busy ? words.busy : words.submit}
        </button>
      </form>
      <p className="aside">
        {words.question}{' '}
        <button type="button" className="link" onClick={change}>
          {words.other}
        </button>
      </p>
      {demoToken !== undefined && (
        <div className="demo">
          <p>This is a demo: you can look around without an account.</p>
          <button
            type="button"
            className="button quiet wide"
            onClick={() => onStart({ token: demoToken, name: 'Demo account', demo: true })}
          >
            Use the demo account
          </button>
        </div>
      )}
    </section>
  )
}
