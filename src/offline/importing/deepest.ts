import { refuse } from './refuse.ts'

/** Steps from a root: far more than a tree that generalises has, and few enough to be walked by recursion. */
const deepest = 1_000

/** @throws SluiceError MODEL_INVALID */
export const refuseTooDeep = (depth: number, origin: string): void => {
  if (depth > deepest) refuse(origin, `expected a tree of at most ${deepest} levels, found a deeper one`)
}
