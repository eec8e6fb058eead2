/** What is to be undone at the end, the latest first. */
export type Endings = {
  readonly add: (what: string, end: () => Promise<void> | void) => void
  /** Does all of them; what fails is told and does not keep the others from being done. Once only. */
  readonly run: () => Promise<void>
}

export const createEndings = (tell: (text: string) => void): Endings => {
  const endings: { readonly what: string; readonly end: () => Promise<void> | void }[] = []
  return {
    add: (what, end) => void endings.push({ what, end }),
    run: async () => {
      for (let next = endings.pop(); next !== undefined; next = endings.pop())
        try {
          await next.end()
        } catch (error) {
          tell(`${next.what}: ${error instanceof Error ? error.message : String(error)}`)
        }
    },
  }
}
