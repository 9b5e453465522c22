import type { ReactNode } from 'react'

interface NoticeProps {
  /** `alert` interrupts a screen reader, `status` waits for a pause; without a role something around it speaks. */
  readonly role?: 'alert' | 'status'
  readonly children: ReactNode
}

/** A message of a service or of the page, announced to screen readers. */
export function Notice({ role, children }: NoticeProps) {
  return (
    <div className={role === 'alert' ? 'notice alert' : 'notice'} role={role}>
      {children}
    </div>
  )
}
