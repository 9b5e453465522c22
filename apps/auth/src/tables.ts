/** Auth's tables, as its queries see them. */
export interface Tables {
  sessions: {
    id: string
    uid: string
    email: string
    current_digest: string
    previous_digest: string | null
    rotated_at: string
    expires_at: string
  }
  account_ends: { uid: string; ended_at: string }
  session_ends: { id: string; ended_at: string }
}
