import { useCallback, useState } from 'react'
import type { Services } from './api/services.ts'
import { PageHeader } from './look/page-header.tsx'
import { SessionForm } from './session/session-form.tsx'
import type { Session } from './session/session.ts'
import { TasksPage } from './tasks/tasks-page.tsx'

interface AppProps {
  readonly services: Services
  readonly demoToken?: string
}

/** The whole page: a form for whoever is not logged in, the tasks for whoever is. */
export function App({ services, demoToken }: AppProps) {
  // The token lives in memory only: a script that finds its way into the page finds none in storage, and closing the tab ends the session.
  const [session, setSession] = useState<Session>()
  const [farewell, setFarewell] = useState<string>()

  const start = useCallback((next: Session) => {
    setFarewell(undefined)
    setSession(next)
  }, [])
  const end = useCallback((reason?: string) => {
    setFarewell(reason)
    setSession(undefined)
  }, [])

  return (
    <>
      <PageHeader {...(session && { session })} onLogOut={() => end('You are logged out.')} />
      <main className="page">
        {session === undefined ? (
          <SessionForm
            services={services}
            notice={farewell}
            onStart={start}
            {...(demoToken !== undefined && { demoToken })}
          />
        ) : (
          <TasksPage services={services} session={session} onSessionEnd={end} />
        )}
      </main>
      <footer className="page-footer">Served through Postern</footer>
    </>
  )
}
