import { entityTypes } from '../domain/entity.ts'

/** What a decision can lack, sorted; a closed set. */
export const degradedInputs = [
  'device',
  ...entityTypes.map((entity) => `history.${entity}` as const),
  'rates',
].toSorted()

const bitOf = (input: string): number => 1 << degradedInputs.indexOf(input)

/** Sets of degraded inputs are bits while features are computed. */
export const deviceBit = bitOf('device')
export const ratesBit = bitOf('rates')
/** One for each entity slot. */
export const historyBits: readonly number[] = entityTypes.map((entity) => bitOf(`history.${entity}`))

const lists = Array.from({ length: 1 << degradedInputs.length }, (_, bits) =>
  Object.freeze(degradedInputs.filter((_input, index) => (bits & (1 << index)) !== 0)),
)

/** The names of a set of bits, sorted. */
export const degradedNames = (bits: number): readonly string[] => lists[bits] ?? []
