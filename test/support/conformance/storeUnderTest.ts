import type { Histories } from '../../../src/features/histories.ts'

/** One set of histories, with nothing in it and covered from `coveredSince` on. */
export type StoreUnderTest = {
  /** An instance of its own on the same data; what it holds in memory is its own. */
  open(): Histories
  close(): Promise<void>
}

export type CreateStore = () => Promise<StoreUnderTest>

/** Uses a new store, and closes it whatever happens. */
export const withStoreOf =
  (create: CreateStore) =>
  async (use: (store: StoreUnderTest) => Promise<void>): Promise<void> => {
    const store = await create()
    try {
      await use(store)
    } finally {
      await store.close()
    }
  }
