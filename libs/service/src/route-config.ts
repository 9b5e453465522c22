import type { FieldError } from './http-problem.ts'

declare module 'fastify' {
  /** What a route may say about its answers and its log line. */
  interface FastifyContextConfig {
    /** The contract's message for a body that cannot be used: its type, its absence or its fields; always a 422. */
    readonly invalidMessage?: string
    /** The contract's message when the route fails in an unforeseen way: a 500. */
    readonly failureMessage?: string
    /** True for a route whose address carries a secret: it leaves no access line. */
    readonly unlogged?: boolean
    /** True for a route that is there only to answer as if it were not: no method is allowed at its address. */
    readonly absent?: boolean
    /** True for a route whose body may be left out: it is `{}` then. */
    readonly optionalBody?: boolean
  }
}

/** The errors of a request's body as a whole. */
export function bodyError(message: string): readonly FieldError[] {
  return [{ field: 'body', message }]
}
