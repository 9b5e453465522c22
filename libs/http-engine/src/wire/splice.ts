/** Takes the bytes of a connection that has left HTTP. */
export interface Splice {
  received(bytes: Buffer, start: number, end: number): void
  drained(): void
  closed(): void
}
