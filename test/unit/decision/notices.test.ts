import { describe, expect, it } from 'vitest'
import { deviceSignals } from '../../../src/domain/deviceHealth.ts'
import { deviceNotices, reasonNotices } from '../../../src/decision/noticeCatalogue.ts'
import { bindNotices, healthFeatureOf, noticeFeatures } from '../../../src/decision/notices.ts'
import { reasonCatalogue } from '../../../src/decision/reasonCatalogue.ts'
import { compile, features, policyText } from './policyOf.ts'
import { scoredWith, slotsOf } from './scored.ts'

const slots = slotsOf(features)
const choose = bindNotices(slots)
const codes = (given: Readonly<Record<string, number>>, reasons: readonly string[] = []): readonly string[] =>
  choose(
    scoredWith(slots, { features: given }),
    reasons.map((code) => ({ code, contribution: null })),
  ).map(({ code }) => code)

describe('notices', () => {
  it('say what to do about what is bad, not about what is healthy or unknown', () => {
    expect(codes({ 'device.health.firewall': 1, 'device.health.antivirus': 0 })).toEqual(['TURN_FIREWALL_ON'])
  })

  it('come most urgent first', () => {
    expect(codes({ 'device.health.firewall': 1, 'device.health.sms_reader': 1 })).toEqual([
      'REMOVE_MESSAGE_READER',
      'TURN_FIREWALL_ON',
    ])
  })

  it('come from reasons too, each once, five at most', () => {
    expect(codes({}, ['NEW_PAYEE', 'MULE_PAYEE', 'LATE'])).toEqual(['VERIFY_PAYEE'])
    expect(codes(Object.fromEntries(noticeFeatures.map((name) => [name, 1])), ['NEW_PAYEE'])).toHaveLength(5)
  })

  it('are for payments that were stopped', () => {
    const assessor = compile(policyText()).bind(slots)
    const given = { features: { 'device.health.firewall': 1 } }
    expect(assessor.assess(scoredWith(slots, { ...given, probability: 0.1 })).notices).toEqual([])
    expect(assessor.assess(scoredWith(slots, { ...given, probability: 0.99 })).notices).toEqual([
      deviceNotices.FIREWALL,
    ])
  })

  it('exist for every signal, in both languages, without a number or a name of ours', () => {
    const all = [...Object.values(deviceNotices), ...Object.values(reasonNotices)]
    expect(all.length).toBeGreaterThan(deviceSignals.length)
    for (const notice of all) {
      expect(`${notice.actionEn} ${notice.reasonEn}`).not.toMatch(/\d|[a-z]\.[a-z]|_/)
      expect(notice.actionZh).toMatch(/\p{Script=Han}/u)
      expect(notice.reasonZh).toMatch(/\p{Script=Han}/u)
    }
    expect(deviceSignals.map(healthFeatureOf)).toEqual(noticeFeatures)
  })

  it('are chosen by reasons that exist', () => {
    for (const code of Object.keys(reasonNotices)) expect(reasonCatalogue).toHaveProperty(code)
  })
})

describe('the catalogue of reasons', () => {
  it('has every wording in both languages', () => {
    for (const [code, text] of Object.entries(reasonCatalogue)) {
      expect(code).toMatch(/^[A-Z][A-Z_]*$/)
      for (const english of [text.operatorEn, text.payerEn])
        expect(english).toMatch(/^[A-Z][^\p{Script=Han}]+$/u)
      for (const chinese of [text.operatorZh, text.payerZh]) expect(chinese).toMatch(/\p{Script=Han}/u)
    }
  })
})
