import { describe, expect, test } from 'vitest'
import { entityTypes } from '../../../src/domain/entity.ts'
import { featureSets } from '../../../src/features/featureSets.ts'
import { parseFeatureName } from '../../../src/features/names.ts'
import { compileFeatures, defaultRetentionMs } from '../../../src/features/plan.ts'

const namesOf = (name: string) => featureSets.find((set) => set.name === name)?.features ?? []

describe('the ready-made sets', () => {
  test.each(featureSets)('$name holds names that are right, each once', ({ features, sentence }) => {
    for (const name of features) expect(parseFeatureName(name).name).toBe(name)
    expect(new Set(features).size).toBe(features.length)
    expect(features.length).toBeGreaterThan(0)
    expect(sentence).toMatch(/\.$/)
  })

  test('have names of their own, and fit what histories hold', () => {
    expect(new Set(featureSets.map(({ name }) => name)).size).toBe(featureSets.length)
    expect(() => compileFeatures(namesOf('all'), { retentionMs: defaultRetentionMs })).not.toThrow()
  })

  test('count payments and amounts by each entity, and what is shared', () => {
    for (const entity of entityTypes)
      expect(namesOf(entity)).toEqual(
        expect.arrayContaining([`${entity}.count.10m`, `${entity}.count.24h`, `${entity}.sum.24h`]),
      )
    expect(namesOf('cards_per_device')).toContain('device.distinct_card.24h')
    expect(namesOf('cards_per_ip')).toContain('ip.distinct_card.24h')
    expect(namesOf('accounts_per_payee')).toContain('payee.distinct_account.24h')
    expect(namesOf('all')).toEqual(expect.arrayContaining(['merchant.sum.7d', 'ip.distinct_card.1h']))
  })
})
