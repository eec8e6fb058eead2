/** Something that goes wrong around the processor, and how it is put right again. */
export type Fault = {
  readonly name: string
  /** Resolves when it is so. */
  readonly begin: () => Promise<void>
  /** Resolves when nothing stands in the way of recovery any more. */
  readonly end: () => Promise<void>
}
