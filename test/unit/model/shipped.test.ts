import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { reasonCatalogue } from '../../../src/decision/reasonCatalogue.ts'
import { clockFeatures } from '../../../src/features/clockFeatures.ts'
import { parseFeatureName } from '../../../src/features/names.ts'
import { type Bundle, loadBundle } from '../../../src/model/bundle.file.ts'
import { createScorer, type Scorer } from '../../../src/model/scorer.ts'

const models = path.resolve('models')
let bundle: Bundle
let scorer: Scorer
let names: readonly string[]

beforeAll(async () => {
  bundle = await loadBundle(models)
  names = bundle.champion.manifest.features.map((feature) => feature.name)
  scorer = await createScorer(bundle.champion, new Map(names.map((name, at) => [name, at])))
})

/** A quiet payment: every reason group at its baseline, changed where the test says so. */
const payment = (changes: Readonly<Record<string, number>>): Float64Array => {
  const calm = Object.assign(
    {},
    ...bundle.champion.manifest.reasonGroups.map((group) => group.baseline),
  ) as Readonly<Record<string, number | null>>
  return Float64Array.from(names, (name) => changes[name] ?? calm[name] ?? NaN)
}

describe('the bundle that is shipped', () => {
  it('asks only for features that exist, and gives only reasons that have words', () => {
    for (const name of names) parseFeatureName(name)
    for (const code of scorer.reasonCodes) expect(Object.keys(reasonCatalogue)).toContain(code)
  })

  it('explains by every feature exactly once', () => {
    const explained = bundle.champion.manifest.reasonGroups.flatMap((group) => Object.keys(group.baseline))
    expect(explained.toSorted()).toEqual(names.toSorted())
  })

  it('has a baseline of drift for the score and for every feature that is more than the clock', () => {
    const { baseline } = bundle.champion.manifest
    expect(Object.keys(baseline?.features ?? {})).toEqual(names.filter((name) => !clockFeatures.has(name)))
    expect(baseline?.score.edges.length).toBe(9)
  })

  it('is small', async () => {
    const folder = path.join(models, bundle.champion.manifest.id, bundle.champion.manifest.version)
    const sizes = await Promise.all(
      (await readdir(folder)).map(async (file) => (await stat(path.join(folder, file))).size),
    )
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000)
  })

  it('sees more risk in a new device that many accounts use, and says why', () => {
    const taken = payment({
      'account_device.is_new': 1,
      'account_device.since_first': NaN,
      'account_ip.is_new': 1,
      'account_payee.is_new': 1,
      'payment.method_transfer': 1,
      'payment.channel_pos': 0,
      'device.distinct_account.7d': 6,
      'device.health.report_age': 60,
      'device.health.unknown_count': 0,
    })
    const [calm, risky] = scorer.score([payment({}), taken])
    expect(calm).toBeLessThan(0.01)
    expect(risky).toBeGreaterThan(0.5)
    const [explained] = scorer.explain([taken])
    const contributions = explained!.contributions
    const strongest = scorer.reasonCodes[contributions.indexOf(Math.max(...contributions))]
    expect(['NEW_DEVICE', 'DEVICE_MANY_ACCOUNTS', 'UNUSUAL_PLACE']).toContain(strongest)
  })
})
