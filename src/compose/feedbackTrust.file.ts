import { readFile } from 'node:fs/promises'
import type { Config } from '../config.ts'
import { SluiceError } from '../errors.ts'
import type { ProofProblem } from '../stream/codec/riskFeedback.ts'
import { createProofProblem, type FeedbackProofDeps } from './feedbackProof.ts'
import { parseSources } from './feedbackSources.ts'

type TrustConfig = Pick<
  Config,
  'feedbackTrust' | 'feedbackSourcesFile' | 'feedbackKey' | 'feedbackPreviousKey'
>

/** The one test of feedback, for all that read the topic. */
export type FeedbackTrust = {
  /** Tells what it found; for the one reader that also writes the dead letters. */
  readonly counted: { readonly proofProblem: ProofProblem }
  readonly silent: { readonly proofProblem: ProofProblem }
}

const readSources = async (file: string): Promise<ReadonlyMap<string, Buffer>> => {
  if (file === '') return new Map()
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SluiceError('CONFIG_INVALID', `feedback sources: ${file} cannot be read`, { cause })
  })
  return parseSources(text)
}

/** @throws SluiceError CONFIG_INVALID */
export const openFeedbackTrust = async (
  config: TrustConfig,
  observe: NonNullable<FeedbackProofDeps['observe']> = () => undefined,
): Promise<FeedbackTrust> => {
  const previous = config.feedbackPreviousKey
  const deps = {
    trust: config.feedbackTrust,
    keys: [config.feedbackKey(), ...(previous === null ? [] : [previous()])],
    sources: await readSources(config.feedbackSourcesFile),
  }
  return {
    counted: { proofProblem: createProofProblem({ ...deps, observe }) },
    silent: { proofProblem: createProofProblem(deps) },
  }
}
