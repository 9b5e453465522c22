import { PageHeader } from './page-header.tsx'

/** The page before it knows who is here: its bar at once, and a word when that takes longer than a blink. */
export function Waiting() {
  return (
    <>
      <PageHeader />
      <main className="page" aria-busy="true">
        <p className="waiting" role="status">
          Loading…
        </p>
      </main>
    </>
  )
}
