import { z } from 'zod'
import { manifestSchema } from './manifest.ts'

/** The manifest as JSON Schema, for editors and for those who write one in another language. */
export const manifestJsonSchema = (): unknown => ({
  ...z.toJSONSchema(manifestSchema, { io: 'input', reused: 'ref' }),
  title: 'Sluice model manifest',
  description:
    'manifest.json of a model folder. What a schema cannot say (names that agree with each other, lists that rise) is checked when a model is loaded: sluice model verify.',
})

/** As it is published in `models/manifest.schema.json`. */
export const manifestSchemaText = (): string => `${JSON.stringify(manifestJsonSchema(), null, 2)}\n`
