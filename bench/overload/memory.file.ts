import { readMemory } from '../measure.file.ts'
import type { Measured } from '../processor.process.ts'

/** Resident memory and, of it, copies of histories; MiB, at a moment in ms from the first one. */
export type MemorySample = { readonly atMs: number; readonly rssMib: number; readonly copiesMib: number }

export type MemoryWatch = {
  /** Resolves with all samples; rejects when the processor could not be asked: then nothing is known of its memory. */
  readonly stop: () => Promise<readonly MemorySample[]>
}

const everyMs = 1_000

/** Looks each second. */
export const watchMemory = ({ pid, metricsUrl }: Measured): MemoryWatch => {
  const startedAt = performance.now()
  const looks: Promise<MemorySample>[] = []
  const look = async (): Promise<MemorySample> => {
    const atMs = performance.now() - startedAt
    const metrics = metricsUrl === null ? '' : await (await fetch(metricsUrl)).text()
    const { now, copies } = await readMemory(pid, metrics)
    return { atMs, rssMib: now, copiesMib: copies }
  }
  const lookAgain = (): void => {
    const looking = look()
    // Told by stop.
    looking.catch(() => undefined)
    looks.push(looking)
  }
  lookAgain()
  const timer = setInterval(lookAgain, everyMs)
  return {
    stop: () => {
      clearInterval(timer)
      return Promise.all(looks)
    },
  }
}
