import type { Services } from '../api/services.ts'
import { Notice } from '../look/notice.tsx'
import { useAction } from './use-action.ts'

interface LogOutEverywhereProps {
  readonly services: Services
  onSessionEnd(reason: string): void
}

/** For whoever lost a device: ends every session of the account. The page says so only once the service did. */
export function LogOutEverywhere({ services, onSessionEnd }: LogOutEverywhereProps) {
  const { busy, problem, run } = useAction(() =>
    onSessionEnd('Your session has ended. Log in again to log out everywhere.'),
  )

  async function logOut() {
    await services.logOutEverywhere()
    onSessionEnd('You are logged out on all devices.')
  }

  return (
    <section className="aside" aria-label="All devices">
      {problem !== undefined && <Notice role="alert">{problem}</Notice>}
      <p>
        Lost a device?{' '}
        <button type="button" className="link" aria-disabled={busy} onClick={() => run(logOut)}>
          Log out everywhere
        </button>
      </p>
    </section>
  )
}
