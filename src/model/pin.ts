import { z } from 'zod'

/** The engines that run networks and trees, in no order. */
export const tensorEngines = ['wasm', 'tfjs-node', 'cpu'] as const
export type TensorEngine = (typeof tensorEngines)[number]

/** All engines; `trees` runs nothing but trees, in plain JavaScript. */
export const backendNames = [...tensorEngines, 'trees'] as const
export type BackendName = (typeof backendNames)[number]

/**
 * What makes the scores of a model the same on every instance: engine, its version and the batch shapes.
 * `batchShapes` lists the numbers of rows that a call may have; a smaller batch is padded to the next shape.
 * Empty means "as many rows as there are". tfjs-node needs exactly one: its scores depend on a row's place.
 */
export const pinSchema = z
  .strictObject({
    backend: z.enum(backendNames),
    version: z.string().min(1),
    batchShapes: z.array(z.int().min(1).max(4096)).max(8).readonly(),
  })
  .refine((pin) => pin.backend !== 'tfjs-node' || pin.batchShapes.length === 1, {
    error: 'tfjs-node needs exactly one batch shape',
  })
  .refine((pin) => pin.batchShapes.every((shape, at) => at === 0 || shape > (pin.batchShapes[at - 1] ?? 0)), {
    error: 'batchShapes must rise',
  })
  .readonly()
export type Pin = z.infer<typeof pinSchema>
