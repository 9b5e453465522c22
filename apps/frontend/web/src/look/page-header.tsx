import type { Session } from '../session/session.ts'

interface PageHeaderProps {
  readonly session?: Session
  onLogOut?(): void
}

/** The bar on top: the name of the page, who is logged in, and the way out. */
export function PageHeader({ session, onLogOut }: PageHeaderProps) {
  return (
    <header className="page-header">
      <a className="brand" href="/">
        <Gate />
        <span>Postern</span>
        <span className="brand-page">Tasks</span>
      </a>
      {session && (
        <div className="who">
          <span className="who-name" title={session.name}>
            {session.name}
          </span>
          <button type="button" className="button quiet" onClick={onLogOut}>
            Log out
          </button>
        </div>
      )}
    </header>
  )
}

function Gate() {
  return (
    <svg className="gate" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M10 25V15a6 6 0 0 1 12 0v10M7 25h18" />
      <circle cx="18.5" cy="18" r="1.5" />
    </svg>
  )
}
