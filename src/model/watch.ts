export type WatchDeps = {
  /** What the folder shows; see fingerprint.file.ts. */
  readonly fingerprint: () => Promise<string>
  readonly everyMs: number
  /** Awaited before the folder is looked at again. */
  readonly onChange: () => Promise<void>
  /** What kept it from looking. */
  readonly onError: (error: unknown) => void
}

export type Watch = {
  /** Resolves when no `onChange` is under way any more. */
  readonly stop: () => Promise<void>
}

/**
 * Calls `onChange` now and whenever the folder shows something else. It asks rather than being told: events of the
 * file system do not come for files behind links, or from many kinds of mounted volumes.
 */
export const watchModels = ({ fingerprint, everyMs, onChange, onError }: WatchDeps): Watch => {
  let seen: string | null = null
  let timer: NodeJS.Timeout | null = null
  let stopped = false

  const look = async (): Promise<void> => {
    try {
      const shown = await fingerprint()
      if (shown !== seen && !stopped) {
        seen = shown
        await onChange()
      }
    } catch (error) {
      onError(error)
    }
    if (!stopped) timer = setTimeout(lookAgain, everyMs)
  }
  const lookAgain = (): void => {
    looking = look()
  }
  let looking = look()

  return {
    stop: async () => {
      stopped = true
      if (timer !== null) clearTimeout(timer)
      await looking
    },
  }
}
