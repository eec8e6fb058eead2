import { SluiceError } from '../errors.ts'
import type { Model } from './bundle.file.ts'
import { engineFor, pinFor } from './measure.ts'
import type { Strictness } from './engine.ts'
import { backendNames, type BackendName, type Pin } from './pin.ts'
import { messageOf } from './refusal.ts'

/** What becomes of a model whose pinned engine this machine does not have. */
export const otherBackendChoices = ['refuse', 'allow'] as const
export type OtherBackends = (typeof otherBackendChoices)[number]

/** The pinned engine in another version, then the one that suits the format, then the others. */
const otherPins = ({ pin, manifest }: Model): readonly Pin[] => {
  const runsTrees = manifest.format === 'trees'
  const able = backendNames.filter((name) => runsTrees || name !== 'trees')
  return [...new Set<BackendName>([pin.backend, engineFor(manifest.format), ...able])].map((name) =>
    pinFor({ name, version: 'any' }),
  )
}

const isOf = (error: unknown, codes: readonly SluiceError['code'][]): boolean =>
  error instanceof SluiceError && codes.includes(error.code)

/**
 * Opens a model on its pinned engine, or on the first other one that gives its golden vectors.
 * @throws what `open` throws; SluiceError BACKEND_UNAVAILABLE if no engine is left
 */
export const openOnAny = async <T>(
  model: Model,
  open: (model: Model, strictness: Strictness) => Promise<T>,
): Promise<T> => {
  const reasons: string[] = []
  const attempt = async (on: Model, strictness: Strictness): Promise<T | null> => {
    try {
      return await open(on, strictness)
    } catch (error) {
      // Another engine may be one that gives other scores: it is not taken, and the next one is tried.
      const passable: readonly SluiceError['code'][] =
        strictness === 'as pinned' ? ['BACKEND_UNAVAILABLE'] : ['BACKEND_UNAVAILABLE', 'MODEL_UNVERIFIED']
      if (!isOf(error, passable)) throw error
      reasons.push(messageOf(error))
      return null
    }
  }
  const pinned = await attempt(model, 'as pinned')
  if (pinned !== null) return pinned
  for (const pin of otherPins(model)) {
    const opened = await attempt({ ...model, pin }, 'any version')
    if (opened !== null) return opened
  }
  throw new SluiceError('BACKEND_UNAVAILABLE', `no engine can run it: ${reasons.join('; ')}`)
}
