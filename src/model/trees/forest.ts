import type { Comparison } from './ensemble.ts'

/** What a library's file says of a node of a tree. */
export type ForestNode =
  | { readonly leaf: number }
  | {
      readonly feature: number
      readonly threshold: number
      readonly missing: 'nan' | 'nan-or-zero'
      readonly missingLeft: boolean
      readonly left: ForestNode
      readonly right: ForestNode
    }

/** An ensemble as a library wrote it, understood but not yet compiled: `log-odds = base + scale * sum of the leaves`. */
export type Forest = {
  readonly comparison: Comparison
  readonly sum: 'float32' | 'float64'
  readonly base: number
  readonly scale: number
  /** How many features the model was trained with. */
  readonly features: number
  /** Their names, where the file has them. */
  readonly names: readonly string[]
  readonly trees: readonly ForestNode[]
}
