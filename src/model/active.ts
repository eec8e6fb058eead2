import { z } from 'zod'
import { canonicalJson, sha256 } from './canonical.ts'
import { parseJson } from './manifest.ts'
import { type Pin, pinSchema } from './pin.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in lower-case hexadecimal')

const modelSchema = z.strictObject({
  /** Folder of the artifact below the models folder. */
  path: z.string().regex(/^[a-z0-9-]+\/[A-Za-z0-9][A-Za-z0-9._-]*$/, 'expected <name>/<version>'),
  manifestSha256: hash,
  pin: pinSchema,
})
const activeModelSchema = modelSchema.readonly()
export type ActiveModel = z.infer<typeof activeModelSchema>

/** A model in shadow: it scores what the champion decides. */
const challengerSchema = modelSchema
  .extend({
    /** The share of accounts for which it decides instead: a canary. Absent: none. */
    canaryShare: z.number().gt(0).max(1).optional(),
  })
  .readonly()
export type ActiveChallenger = z.infer<typeof challengerSchema>

/** Each costs a call of its model for every micro-batch. */
const mostChallengers = 4

/** Two pins that can be honoured in one thread: TF.js has one engine a thread. */
export const sameEngine = (a: Pin, b: Pin): boolean => a.backend === b.backend && a.version === b.version

const contradictions = (
  champion: ActiveModel,
  challengers: readonly ActiveChallenger[],
): readonly string[] => {
  const paths = [champion, ...challengers].map(({ path }) => path)
  const canaries = challengers.filter(({ canaryShare }) => canaryShare !== undefined)
  return [
    ...paths.filter((path, at) => paths.indexOf(path) !== at).map((path) => `${path} is listed twice`),
    ...(canaries.length > 1 ? ['expected one canary at a time'] : []),
    ...canaries
      .filter(({ pin }) => !sameEngine(pin, champion.pin))
      .map(
        ({ path, pin }) =>
          `${path}: a canary decides in the champion's thread: expected the engine ` +
          `${champion.pin.backend} ${champion.pin.version}, found ${pin.backend} ${pin.version}`,
      ),
  ]
}

/** The challengers that stay under another champion: not the one that became it, and a canary only on its engine. */
export const challengersBeside = (
  champion: ActiveModel,
  challengers: readonly ActiveChallenger[],
): readonly ActiveChallenger[] =>
  challengers
    .filter(({ path }) => path !== champion.path)
    .map(({ path, manifestSha256, pin, canaryShare }) => ({
      path,
      manifestSha256,
      pin,
      ...(canaryShare === undefined || !sameEngine(pin, champion.pin) ? {} : { canaryShare }),
    }))

const activeSchema = z
  .strictObject({
    activeVersion: z.literal(1),
    champion: activeModelSchema,
    challengers: z.array(challengerSchema).max(mostChallengers).readonly(),
    policy: z
      .strictObject({
        path: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'expected a file name in the models folder'),
        sha256: hash,
      })
      .readonly(),
  })
  .superRefine(({ champion, challengers }, context) => {
    for (const message of contradictions(champion, challengers))
      context.addIssue({ code: 'custom', path: ['challengers'], message })
  })
  .readonly()

/** The bundle: which model decides under which policy, each by hash. */
export type Active = z.infer<typeof activeSchema>

/** @throws SluiceError MODEL_INVALID */
export const parseActive = (text: string, origin: string): Active => parseJson(activeSchema, text, origin)

/** The one hash that stands for model, policy and pin, carried by every decision. */
export const bundleHashOf = (active: Active): string => sha256(canonicalJson(active))
