/**
 * As `npm start` runs it. Most of what a batch allocates is dead before a young generation of 64 MiB is full; and the
 * engine is not to allocate among the old what lived once for long: a burst teaches it that of all that payments are.
 */
export const heapOptions = ['--max-semi-space-size=64', '--no-allocation-site-pretenuring'] as const
