export type WatchDeps = {
  /** What the folder shows; see fingerprint.file.ts. */
  readonly fingerprint: () => Promise<string>
  readonly everyMs: number
  /** Awaited before the folder is looked at again. */
  readonly onChange: () => Promise<void>
  /**
   * False where what the folder shows was not taken: it may be sound, and what kept it from being read may pass (a full
   * disk, a stale mount, a thread that did not start). It is offered again, less and less often. Always true by default.
   */
  readonly isSettled?: () => boolean
  /** After how long that is, at first and at most. */
  readonly againMs?: { readonly first: number; readonly longest: number }
  /** What kept it from looking. */
  readonly onError: (error: unknown) => void
}

export type Watch = {
  /** Resolves when no `onChange` is under way any more. */
  readonly stop: () => Promise<void>
}

const patience = { first: 10_000, longest: 600_000 }

/**
 * Calls `onChange` now and whenever the folder shows something else. It asks rather than being told: events of the
 * file system do not come for files behind links, or from many kinds of mounted volumes.
 */
export const watchModels = (deps: WatchDeps): Watch => {
  const { fingerprint, everyMs, onChange, isSettled = () => true, againMs = patience, onError } = deps
  let seen: string | null = null
  let untilAgainMs = againMs.first
  let waitedMs = 0
  let timer: NodeJS.Timeout | null = null
  let stopped = false

  const look = async (): Promise<void> => {
    try {
      const shown = await fingerprint()
      const isNew = shown !== seen
      waitedMs += everyMs
      const isAgain = !isNew && !isSettled() && waitedMs > untilAgainMs
      if (stopped || !(isNew || isAgain)) return
      untilAgainMs = isNew ? againMs.first : Math.min(againMs.longest, 2 * untilAgainMs)
      waitedMs = 0
      seen = shown
      await onChange()
    } catch (error) {
      onError(error)
    } finally {
      if (!stopped) timer = setTimeout(lookAgain, everyMs)
    }
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
