import type { Explanation } from '@postern/explain'
import type { FromControl } from './messages.ts'

type Answer = Extract<FromControl, { kind: 'explained' | 'not-explained' }>

/** Questions to the control process that wait for their answers. */
export class Questions {
  readonly #open = new Map<number, PromiseWithResolvers<Explanation>>()
  #last = 0

  ask(): { readonly id: number; readonly answer: Promise<Explanation> } {
    const question = Promise.withResolvers<Explanation>()
    const id = ++this.#last
    this.#open.set(id, question)
    return { id, answer: question.promise }
  }

  get areOpen(): boolean {
    return this.#open.size > 0
  }

  answered(answer: Answer): void {
    const question = this.#open.get(answer.id)
    this.#open.delete(answer.id)
    if (answer.kind === 'explained') question?.resolve(answer.explanation)
    else question?.reject(answer.isQuestion ? new RangeError(answer.message) : new Error(answer.message))
  }

  giveUp(reason: Error): void {
    for (const question of this.#open.values()) question.reject(reason)
    this.#open.clear()
  }
}
