/**
 * As `npm start` runs it; why, is in docs/adr/0019-seldom-collections.md.
 *
 * Most of what a batch allocates is dead before a young generation of 64 MiB is full. What lived for long once is not
 * allocated among the old at once: a burst teaches the engine that of all that payments are. It collects all garbage when
 * the old have grown to three times what lived after the last time, and not for being idle.
 */
export const heapOptions = [
  '--max-semi-space-size=64',
  '--no-allocation-site-pretenuring',
  '--heap-growing-percent=200',
  '--no-memory-reducer',
] as const
