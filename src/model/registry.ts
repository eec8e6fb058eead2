import type { Refusal, SwapResult } from '../domain/bundleSwap.ts'
import { messageOf, refusalOf } from './refusal.ts'

/** A bundle made ready to decide. */
export type Ready = { readonly bundleHash: string; readonly dispose: () => void }

/** A bundle whose files are verified, and which costs more to make ready. */
export type Candidate<R extends Ready> = {
  readonly bundleHash: string
  readonly makeReady: () => Promise<R>
}

/** What happened to a bundle; `bundleHash` is null where not even that could be read. */
export type SwapEvent = {
  readonly result: SwapResult
  readonly bundleHash: string | null
  /** Why; empty after a swap. */
  readonly reason: string
}

/** An offered bundle that does not decide. */
export type Problem = {
  readonly result: Refusal | 'withheld'
  readonly reason: string
  readonly since: number
}

/** A bundle that was taken back. */
export type Withdrawn = { readonly bundleHash: string; readonly reason: string; readonly at: number }

/** How it stands with the bundles, for `/health`. */
export type Standing = {
  readonly bundleHash: string | null
  /** Epoch ms since which it decides. */
  readonly since: number | null
  /** The bundle that would decide again after a withdrawal. */
  readonly previousHash: string | null
  /** What is wrong with what the folder offers; null: it is what decides. */
  readonly problem: Problem | null
  readonly withdrawn: Withdrawn | null
}

export type Registry<R extends Ready> = {
  /** What decides; null before the first bundle. */
  readonly current: () => R | null
  /**
   * Takes what the folder offers, if it is another bundle and all is right with it. One call at a time; never
   * rejects for the bundle. Until it is ready the one in use decides, and it goes on where anything is wrong.
   */
  readonly offer: () => Promise<void>
  /** Puts the bundle before in its place at once, if there is one, and does not take it again while it is offered. */
  readonly withdraw: (reason: string) => boolean
  readonly standing: () => Standing
  readonly close: () => void
}

export type RegistryDeps<R extends Ready> = {
  /** Reads and verifies what the folder offers now. */
  readonly read: () => Promise<Candidate<R>>
  readonly observe: (event: SwapEvent) => void
  /** What decides has yet to prove itself: the one before it stays to go back to, whatever else is offered. */
  readonly isOnProbation?: () => boolean
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** Holds the bundle that decides and the one to go back to, both ready; all others are disposed of. */
export const createRegistry = <R extends Ready>({
  read,
  observe,
  isOnProbation = () => false,
  now,
}: RegistryDeps<R>): Registry<R> => {
  let current: R | null = null
  let previous: R | null = null
  let since: number | null = null
  let problem: Problem | null = null
  let withdrawn: Withdrawn | null = null

  const refuse = (result: Problem['result'], bundleHash: string | null, reason: string): void => {
    // The folder is looked at again whenever a file in it is touched: what is still wrong is no news.
    if (problem?.result === result && problem.reason === reason) return
    problem = { result, reason, since: now() }
    observe({ result, bundleHash, reason })
  }

  const install = (next: R): void => {
    const left = current
    current = next
    if (isOnProbation() && previous !== null && previous !== next) left?.dispose()
    else {
      if (previous !== next) previous?.dispose()
      previous = left
    }
    since = now()
    problem = null
    observe({ result: 'swapped', bundleHash: next.bundleHash, reason: '' })
  }

  const readyOf = (candidate: Candidate<R>): Promise<R> =>
    previous?.bundleHash === candidate.bundleHash ? Promise.resolve(previous) : candidate.makeReady()

  const take = async (candidate: Candidate<R>): Promise<void> => {
    const { bundleHash } = candidate
    if (withdrawn?.bundleHash === bundleHash)
      return refuse('withheld', bundleHash, `it was withdrawn: ${withdrawn.reason}`)
    withdrawn = null
    if (current?.bundleHash === bundleHash) {
      problem = null
      return
    }
    install(await readyOf(candidate))
  }

  return {
    current: () => current,
    offer: async () => {
      let bundleHash: string | null = null
      try {
        const candidate = await read()
        bundleHash = candidate.bundleHash
        await take(candidate)
      } catch (error) {
        refuse(refusalOf(error), bundleHash, messageOf(error))
      }
    },
    withdraw: (reason) => {
      if (current === null || previous === null) return false
      const left = current
      current = previous
      previous = null
      since = now()
      withdrawn = { bundleHash: left.bundleHash, reason, at: now() }
      observe({ result: 'withdrawn', bundleHash: left.bundleHash, reason })
      left.dispose()
      return true
    },
    standing: () => ({
      bundleHash: current?.bundleHash ?? null,
      since,
      previousHash: previous?.bundleHash ?? null,
      problem,
      withdrawn,
    }),
    close: () => {
      current?.dispose()
      previous?.dispose()
    },
  }
}
