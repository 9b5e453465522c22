/** Why a message was refused: the status for a client (an upstream's bad answer is always a 502) and a reason for the log. */
export interface Refusal {
  readonly status: number
  readonly reason: string
}

export function refuse(status: number, reason: string): Refusal {
  return { status, reason }
}
