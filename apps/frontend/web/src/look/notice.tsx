import type { ReactNode } from 'react'

interface NoticeProps {
  /** `alert` interrupts a screen reader, `status` waits for a pause. */
  readonly role: 'alert' | 'status'
  readonly children: ReactNode
}

/** A message of a service or of the page, announced to screen readers. */
export function Notice({ role, children }: NoticeProps) {
  return (
    <div className={`notice ${role}`} role={role}>
      {children}
    </div>
  )
}
