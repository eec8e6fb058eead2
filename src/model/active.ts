import { z } from 'zod'
import { canonicalJson, sha256 } from './canonical.ts'
import { parseJson } from './manifest.ts'
import { pinSchema } from './pin.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in lower-case hexadecimal')

const activeModelSchema = z
  .strictObject({
    /** Folder of the artifact below the models folder. */
    path: z.string().regex(/^[a-z0-9-]+\/[A-Za-z0-9][A-Za-z0-9._-]*$/, 'expected <name>/<version>'),
    manifestSha256: hash,
    pin: pinSchema,
  })
  .readonly()
export type ActiveModel = z.infer<typeof activeModelSchema>

const activeSchema = z
  .strictObject({
    activeVersion: z.literal(1),
    champion: activeModelSchema,
    challengers: z.array(activeModelSchema).max(0, 'models in shadow are not supported yet').readonly(),
    policy: z
      .strictObject({
        path: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'expected a file name in the models folder'),
        sha256: hash,
      })
      .readonly(),
  })
  .readonly()

/** The bundle: which model decides under which policy, each by hash. */
export type Active = z.infer<typeof activeSchema>

/** @throws SluiceError MODEL_INVALID */
export const parseActive = (text: string, origin: string): Active => parseJson(activeSchema, text, origin)

/** The one hash that stands for model, policy and pin, carried by every decision. */
export const bundleHashOf = (active: Active): string => sha256(canonicalJson(active))
