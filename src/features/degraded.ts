import { entityTypes } from '../domain/entity.ts'

/** Topics beside the payments that all instances share, and take over into Redis. */
export const sharedInputs = ['account-events', 'device-health', 'risk-feedback'] as const
/** Topics beside the payments that each instance holds in memory. */
export const tableInputs = ['policy-lists', 'threat-intel', 'vulnerabilities'] as const
export type TableInput = (typeof tableInputs)[number]

/** Topics beside the payments whose records features are made of, or that a policy looks things up in. */
export const sideInputs = [...sharedInputs, ...tableInputs] as const
export type SideInput = (typeof sideInputs)[number]

/** What a decision can lack, sorted; a closed set. */
export const degradedInputs = [
  ...sideInputs,
  'device',
  ...entityTypes.map((entity) => `history.${entity}` as const),
  'rates',
].toSorted()

const bitOf = (input: string): number => 1 << degradedInputs.indexOf(input)

/** The side inputs that lag behind their topics, as bits. */
export type Lagging = number
export const nothingLags: Lagging = 0
export const lagBit = (input: SideInput): Lagging => bitOf(input)

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

const model = 'model'

/** What a policy may say that a payment lacks: `degradedInputs`, and the model, where it gave no probability. */
export const lackableInputs: readonly string[] = [...degradedInputs, model].toSorted()

/** What a payment lacks once it is known whether the model gave a probability. */
export const lackingModel = (degraded: readonly string[], isScored: boolean): readonly string[] => {
  if (degraded.includes(model) !== isScored) return degraded
  return isScored ? degraded.filter((input) => input !== model) : [...degraded, model].toSorted()
}

const listsLag = lagBit('policy-lists')

/** What a payment lacks, and the lists where they lag: no feature asks for them, and every payment does. */
export const withoutLists = (degraded: readonly string[], lagging: Lagging): readonly string[] =>
  (lagging & listsLag) === 0 ? degraded : [...degraded, 'policy-lists' as const].toSorted()
