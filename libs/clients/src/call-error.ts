/** Why a call to another service gave no answer. */
export type CallFailure = 'unreachable' | 'timeout' | 'bad-answer'

const SENTENCES: Readonly<Record<CallFailure, string>> = {
  unreachable: 'cannot be reached',
  timeout: 'did not answer in time',
  'bad-answer': 'gave an answer that is not understood',
}

/** A call that gave no usable answer; the message names the service but no address, so that it may be shown. */
export class CallError extends Error {
  override readonly name = 'CallError'
  readonly service: string
  readonly failure: CallFailure

  constructor(service: string, failure: CallFailure, cause?: unknown) {
    super(`${service} ${SENTENCES[failure]}`, cause === undefined ? {} : { cause })
    this.service = service
    this.failure = failure
  }
}
