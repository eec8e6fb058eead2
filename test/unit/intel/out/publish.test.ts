import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { validMs } from '../../../../src/intel/out/builders.ts'
import type { Label } from '../../../../src/intel/out/label.ts'
import { currentIndicator, publish } from '../../../../src/intel/out/publish.ts'
import { createShared } from '../../../../src/intel/out/shared.ts'
import { epochMs } from '../../../../src/intel/out/stixObject.ts'
import { aLabel, anyLabels, keyedHash, sharer } from '../../../support/sharing/labels.ts'

const dayMs = 86_400_000
const label = aLabel()
const another = aLabel({ paymentRef: keyedHash.hash('payment', 'pay-2'), knownAt: label.knownAt + 60_000 })
const genuine = aLabel({ verdict: 'genuine', knownAt: label.knownAt + 2 * 60_000 })
const types = (objects: readonly { readonly type: string; readonly revoked?: true }[]): readonly string[] =>
  objects.map(({ type, revoked }) => (revoked === true ? `${type} revoked` : type))

describe('what a label makes', () => {
  it('is an indicator with what it indicates and a sighting, then one more sighting, then nothing', () => {
    const shared = createShared()
    const first = publish(shared, sharer, label)
    expect(types(first)).toEqual(['indicator', 'relationship', 'sighting'])
    expect(first[0]).toMatchObject({ confidence: 85, object_marking_refs: [sharer.markingRef] })
    expect(first[0]?.['pattern']).toContain(label.identifiers[0]?.hash)
    expect(types(publish(shared, sharer, another))).toEqual(['sighting'])
    expect(publish(shared, sharer, label)).toEqual([])
    expect(publish(shared, sharer, another)).toEqual([])
  })

  it('is taken back with the last label under it, for good', () => {
    const shared = createShared()
    publish(shared, sharer, label)
    publish(shared, sharer, another)
    expect(types(publish(shared, sharer, genuine))).toEqual(['sighting revoked'])
    expect(publish(shared, sharer, genuine)).toEqual([])
    // The old label came again: it is not known anew.
    expect(publish(shared, sharer, label)).toEqual([])
    const lastOne = publish(shared, sharer, { ...another, verdict: 'genuine', knownAt: genuine.knownAt })
    expect(types(lastOne)).toEqual(['sighting revoked', 'indicator revoked', 'relationship revoked'])
    const again = publish(shared, sharer, { ...label, knownAt: genuine.knownAt + dayMs })
    expect(types(again)).toEqual(['indicator', 'relationship', 'sighting'])
    expect(lastOne.map(({ id }) => id)).not.toContain(again[0]?.id)
  })

  it('is as sure as the surest that is known of it', () => {
    const disputed = aLabel({ confidence: 60 })
    const shared = createShared()
    publish(shared, sharer, disputed)
    const confirmed = { ...label, knownAt: label.knownAt + 60_000 }
    const surer = publish(shared, sharer, confirmed)
    expect(types(surer)).toEqual(['indicator', 'sighting'])
    expect(surer.map(({ confidence }) => confidence)).toEqual([85, 85])
    expect(publish(shared, sharer, confirmed)).toEqual([])
    expect(publish(shared, sharer, disputed)).toEqual([])

    const two = createShared()
    publish(two, sharer, disputed)
    expect(publish(two, sharer, another)[0]).toMatchObject({ type: 'indicator', confidence: 85 })
    const takenBack = publish(two, sharer, { ...another, verdict: 'genuine', knownAt: genuine.knownAt })
    expect(types(takenBack)).toEqual(['sighting revoked', 'indicator'])
    expect(takenBack[1]).toMatchObject({ confidence: 60 })
  })

  it('ignores that a payment is called genuine before it is called fraud', () => {
    const shared = createShared()
    publish(shared, sharer, label)
    expect(publish(shared, sharer, { ...genuine, knownAt: label.knownAt - 1 })).toEqual([])
  })

  it('speaks for longer when it is seen again, at most once a day', () => {
    const shared = createShared()
    publish(shared, sharer, label)
    const [indicator, sighting] = publish(shared, sharer, { ...another, knownAt: label.knownAt + 2 * dayMs })
    expect(indicator).toMatchObject({ type: 'indicator', created: new Date(label.knownAt).toISOString() })
    expect(epochMs(String(indicator?.['valid_until']))).toBe(label.knownAt + 2 * dayMs + validMs)
    expect(sighting?.type).toBe('sighting')
  })

  it('for any labels: told again it is nothing, and an indicator lives while a payment under it is fraud', () => {
    fc.assert(
      fc.property(anyLabels, (labels) => {
        const shared = createShared()
        for (const each of labels) publish(shared, sharer, each)
        for (const each of labels) expect(publish(shared, sharer, each)).toEqual([])
        const verdicts = new Map<string, Label>(labels.map((each) => [each.paymentRef, each]))
        const living = new Set(
          [...verdicts.values()]
            .filter(({ verdict }) => verdict === 'fraud')
            .flatMap(({ identifiers }) => identifiers.map(({ hash }) => hash)),
        )
        for (const identifier of labels.flatMap(({ identifiers }) => identifiers)) {
          const indicator = shared.object(currentIndicator(shared, sharer, identifier))
          expect(indicator !== undefined).toBe(living.has(identifier.hash))
        }
      }),
    )
  })

  it('for any labels: another instance makes the same bytes, and each version is later than the one before', () => {
    fc.assert(
      fc.property(anyLabels, (labels) => {
        const [one, other] = [createShared(), createShared()]
        const latest = new Map<string, number>()
        for (const each of labels) {
          const objects = publish(one, sharer, each)
          expect(JSON.stringify(publish(other, sharer, each))).toBe(JSON.stringify(objects))
          for (const { id, modified } of objects) {
            expect(epochMs(modified)).toBeGreaterThan(latest.get(id) ?? -Infinity)
            latest.set(id, epochMs(modified))
          }
        }
      }),
    )
  })
})
