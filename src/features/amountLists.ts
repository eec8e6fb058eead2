/** The amounts of a walk one by one, in the shortest window that holds each; used again for every payment. */
export type AmountLists = {
  readonly begin: () => void
  readonly add: (window: number, amount: number) => void
  /** Of all in that window and the shorter ones; the mean of the two in the middle of an even number; NaN for none. */
  readonly median: (window: number) => number
}

export const createAmountLists = (windows: number): AmountLists => {
  const lists: readonly number[][] = Array.from({ length: windows }, () => [])
  return {
    begin: () => {
      for (const list of lists) list.length = 0
    },
    add: (window, amount) => {
      lists[window]?.push(amount)
    },
    median: (window) => {
      const all = Float64Array.from(lists.slice(0, window + 1).flat()).sort()
      const [low, high] = [all[(all.length - 1) >> 1], all[all.length >> 1]]
      return low === undefined || high === undefined ? NaN : (low + high) / 2
    },
  }
}
