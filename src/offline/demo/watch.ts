import { createPending } from './pending.ts'

/** Waits for work only as long as everything that it needs is alive. */
export type Watch = {
  /** @param failed never resolves; its rejection ends whatever is being waited for */
  readonly add: (failed: Promise<never>) => void
  readonly during: <T>(work: Promise<T>) => Promise<T>
}

export const createWatch = (): Watch => {
  const { promise: failed, reject } = createPending<never>()
  return {
    add: (other) => void other.catch(reject),
    during: (work) => Promise.race([work, failed]),
  }
}
