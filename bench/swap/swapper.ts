import { setTimeout as delay } from 'node:timers/promises'
import { writeActive } from '../../src/model/activeWriter.file.ts'
import { breakages } from '../../test/support/model/breakages.ts'
import type { SwapModels } from './models.file.ts'

/** What was offered, and what the processor said of it before the next was. */
export type Offered = {
  readonly second: number
  readonly what: string
  /** `swapped`, or the class of what is wrong. */
  readonly expected: string
  readonly found: string
}

type Details = {
  readonly details: {
    readonly bundle: {
      readonly bundleHash: string
      readonly problem: { readonly result: string; readonly reason: string } | null
    }
  }
}

/** Each so many is broken. */
const brokenEvery = 5

const askHealth = async (metricsUrl: string): Promise<Details['details']['bundle']> => {
  const answer = (await (await fetch(metricsUrl.replace('/metrics', '/health'))).json()) as Details
  return answer.details.bundle
}

/** Offers another bundle every few seconds until told to stop. */
export const startSwapper = (models: SwapModels, metricsUrl: string, everyMs: number) => {
  const offered: Offered[] = []
  const stopping = new AbortController()
  let soundTaken = 0
  let brokenTaken = 0

  const offerSound = async (): Promise<Omit<Offered, 'second'>> => {
    const { active, known } = models.sound[++soundTaken % models.sound.length]!
    await writeActive(models.folder, active)
    await delay(everyMs)
    const { bundleHash, problem } = await askHealth(metricsUrl)
    const found = bundleHash === known.bundleHash ? 'swapped' : (problem?.reason ?? 'not yet')
    return { what: active.champion.path, expected: 'swapped', found }
  }

  const offerBroken = async (): Promise<Omit<Offered, 'second'>> => {
    const { name, refusal, offer } = breakages[brokenTaken % breakages.length]!
    const { bundleHash: before } = await askHealth(metricsUrl)
    await offer(models.folder, models.first, `broken-${brokenTaken++}`)
    await delay(everyMs)
    const { bundleHash, problem } = await askHealth(metricsUrl)
    const found = bundleHash === before ? (problem?.result ?? 'not yet') : 'swapped'
    return { what: `broken: ${name}`, expected: refusal, found }
  }

  const startedAt = performance.now()
  const running = (async () => {
    for (let n = 1; !stopping.signal.aborted; n++) {
      const second = Math.round((performance.now() - startedAt) / 1_000)
      const told = await (n % brokenEvery === 0 ? offerBroken() : offerSound())
      offered.push({ second, ...told })
    }
  })()
  return {
    /** Resolves when the last that was offered was answered. */
    stop: async (): Promise<readonly Offered[]> => {
      stopping.abort()
      await running
      return offered
    },
  }
}
