import { useCallback, useEffect, useState } from 'react'
import type { Services } from './api/services.ts'
import { PageHeader } from './look/page-header.tsx'
import { Waiting } from './look/waiting.tsx'
import { LogOutEverywhere } from './session/log-out-everywhere.tsx'
import { SessionForm } from './session/session-form.tsx'
import type { Session } from './session/session.ts'
import { TasksPage } from './tasks/tasks-page.tsx'

interface AppProps {
  readonly services: Services
  readonly demoToken?: string
}

/** The whole page: a form for whoever is not logged in, the tasks for whoever is. */
export function App({ services, demoToken }: AppProps) {
  // The token lives in memory only: a script that finds its way into the page finds none in storage. What outlives a reload
  // is a cookie that scripts cannot read.
  const [session, setSession] = useState<Session>()
  const [resuming, setResuming] = useState(true)
  const [farewell, setFarewell] = useState<string>()

  const start = useCallback((next: Session) => {
    setFarewell(undefined)
    setSession(next)
  }, [])
  const end = useCallback((reason?: string) => {
    setFarewell(reason)
    setSession(undefined)
  }, [])

  useEffect(() => {
    services
      .resume()
      .then(({ token, email }) => setSession({ token, name: email }))
      // No earlier session, or nobody there to ask: the form is the way on, and its first call tells of the latter.
      .catch(() => undefined)
      .finally(() => setResuming(false))
  }, [services])

  const logOut = useCallback(() => {
    // The page forgets at once; the service is told meanwhile.
    end('You are logged out.')
    services.logOut().catch(() => setFarewell('You are logged out here, but the server could not be told.'))
  }, [services, end])

  if (resuming) return <Waiting />
  return (
    <>
      <PageHeader {...(session && { session })} onLogOut={logOut} />
      <main className="page">
        {session === undefined ? (
          <SessionForm
            services={services}
            notice={farewell}
            onStart={start}
            {...(demoToken !== undefined && { demoToken })}
          />
        ) : (
          <>
            <TasksPage services={services} session={session} onSessionEnd={end} />
            {session.demo !== true && <LogOutEverywhere services={services} onSessionEnd={end} />}
          </>
        )}
      </main>
      <footer className="page-footer">Served through Postern</footer>
    </>
  )
}
