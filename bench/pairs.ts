import { spreadOf, type Spread } from './statistics.ts'

/** The same load for both, one soon after the other: what the machine does to one it did to the other too. */
export type Pair<Run> = { readonly relay: Run; readonly sluice: Run }

/** Sluice's value over the relay's in each pair, and the median of these: not the ratio of two medians. */
export const ratioOfPairs = <Run>(pairs: readonly Pair<Run>[], valueOf: (run: Run) => number): Spread =>
  spreadOf(pairs.map(({ relay, sluice }) => valueOf(sluice) / valueOf(relay)))

export type Contestant = 'relay' | 'sluice'

/** Who is first changes from pair to pair, so that neither always meets a warmer machine. */
export const orderOfPair = (pair: number): readonly [Contestant, Contestant] =>
  pair % 2 === 0 ? ['relay', 'sluice'] : ['sluice', 'relay']
