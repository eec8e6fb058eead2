type Waiting<Item, Result> = {
  readonly item: Item
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/**
 * Sends one after another, in the order in which they are asked for. What comes while a send is under way waits, and goes
 * with all else that waits in the next one: the longer a send takes, the more goes with each.
 */
export const createTogether = <Item, Result>(
  send: (items: readonly Item[]) => Promise<Result>,
): ((item: Item) => Promise<Result>) => {
  let waiting: Waiting<Item, Result>[] = []
  let isSending = false

  const sendAll = async (): Promise<void> => {
    isSending = true
    while (waiting.length > 0) {
      const due = waiting
      waiting = []
      try {
        const result = await send(due.map(({ item }) => item))
        for (const { resolve } of due) resolve(result)
      } catch (error) {
        for (const { reject } of due) reject(error)
      }
    }
    isSending = false
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!isSending) void sendAll()
    })
}
