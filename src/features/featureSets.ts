import { entityTypes, type EntityType } from '../domain/entity.ts'

/** Names that are often asked for together. */
export type FeatureSet = {
  readonly name: string
  readonly sentence: string
  readonly features: readonly string[]
}

const countWindows = ['10m', '1h', '24h', '7d', '30d'] as const
const amountWindows = ['1h', '24h', '7d', '30d'] as const
const distinctWindows = ['1h', '24h', '7d', '30d'] as const

const inWindows = (measure: string, windows: readonly string[]): readonly string[] =>
  windows.map((window) => `${measure}.${window}`)

const countsAndAmounts = (entity: EntityType): FeatureSet => ({
  name: entity,
  sentence: `Payments of one ${entity}: how many, and of what amounts.`,
  features: [
    ...inWindows(`${entity}.count`, countWindows),
    ...inWindows(`${entity}.sum`, amountWindows),
    `${entity}.mean.30d`,
    `${entity}.max.30d`,
  ],
})

const distinct = (name: string, sentence: string, entity: EntityType, target: EntityType): FeatureSet => ({
  name,
  sentence,
  features: inWindows(`${entity}.distinct_${target}`, distinctWindows),
})

const parts: readonly FeatureSet[] = [
  ...entityTypes.map(countsAndAmounts),
  distinct('cards_per_device', 'Different cards from one device.', 'device', 'card'),
  distinct('cards_per_ip', 'Different cards from one IP address.', 'ip', 'card'),
  distinct('accounts_per_payee', 'Different accounts that pay one payee.', 'payee', 'account'),
]

/** Ready-made sets; `all` is every other one together. */
export const featureSets: readonly FeatureSet[] = [
  ...parts,
  {
    name: 'all',
    sentence: 'All of the sets above.',
    features: parts.flatMap(({ features }) => features),
  },
]
