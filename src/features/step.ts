import type { Recalled } from './recalled.ts'

/** Part of a plan: writes the features that it is for into the row, and returns the bits of degraded inputs. */
export type Step = (recalled: Recalled, row: Float64Array) => number

/** A feature and its place in the row. */
export type Placed<Spec> = { readonly index: number; readonly spec: Spec }
