import { readFingerprint } from './fingerprint.file.ts'

export type WatchDeps = {
  readonly modelsFolder: string
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
export const watchModels = ({ modelsFolder, everyMs, onChange, onError }: WatchDeps): Watch => {
  let seen: string | null = null
  let timer: NodeJS.Timeout | null = null
  let stopped = false

  const look = async (): Promise<void> => {
    try {
      const fingerprint = await readFingerprint(modelsFolder)
      if (fingerprint !== seen && !stopped) {
        seen = fingerprint
        await onChange()
      }
    } catch (error) {
      onError(error)
    }
    if (!stopped) timer = setTimeout(() => (looking = look()), everyMs)
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
