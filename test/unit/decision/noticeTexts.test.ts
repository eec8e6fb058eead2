import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noticeList } from '../../../src/decision/noticeList.ts'
import { vulnerabilityNotice } from '../../../src/decision/noticeOfUpdate.ts'
import { dueAtOf, dueWithin } from '../../../src/decision/noticeTimes.ts'
import { reasonCatalogue } from '../../../src/decision/reasonCatalogue.ts'
import { platforms } from '../../../src/domain/deviceHealth.ts'

/** What is read on a small screen. */
const longestEn = 140
const longestZh = 70

/** Words of ours, or of how a payment is judged: whoever reads them learns what to change. */
const ours =
  /\d|_|[a-z]\.[a-z]|\b(models?|rules?|policy|thresholds?|scores?|scored|probabilit\w*|percent|features?|velocity|(block|allow|watch)[ -]?lists?|risk level|limits?|algorithm)\b/i
const oursZh = /模型|规则|策略|阈值|分数|评分|概率|特征|名单|限额|算法|百分/

const payerTexts = Object.values(reasonCatalogue).map(({ payerEn, payerZh }) => ({
  en: payerEn,
  zh: payerZh,
}))
const texts = [
  ...noticeList.flatMap(({ actionEn, actionZh, reasonEn, reasonZh }) => [
    { en: actionEn, zh: actionZh },
    { en: reasonEn, zh: reasonZh },
  ]),
  ...payerTexts,
]

describe('every text that a person reads', () => {
  it.each(texts)('$en', ({ en, zh }) => {
    expect(en).toMatch(/^[A-Z][^\p{Script=Han}]*\.$/u)
    expect(zh).toMatch(/\p{Script=Han}.*。$/u)
    expect(en.length).toBeLessThanOrEqual(longestEn)
    expect(zh.length).toBeLessThanOrEqual(longestZh)
  })

  it('teaches no attacker: nothing of how payments are judged', () => {
    for (const { en, zh } of texts) {
      expect(en).not.toMatch(ours)
      expect(zh).not.toMatch(oursZh)
    }
  })

  it('is not a reason code', () => {
    for (const { en } of texts)
      for (const code of Object.keys(reasonCatalogue)) expect(en).not.toContain(code)
  })
})

describe('the notice of a patch', () => {
  it('names the version to update to', () => {
    expect(vulnerabilityNotice('IOS', '17.4.1')).toMatchObject({
      code: 'UPDATE_SYSTEM',
      severity: 'CRITICAL',
      actionEn: 'Update iOS on this device to 17.4.1 or later.',
      actionZh: '请将本设备的iOS 系统更新到 17.4.1 或更高版本。',
    })
    expect(vulnerabilityNotice('ANDROID', '2026-06-05').actionEn).toContain('2026-06-05')
  })

  it('takes for a version only what is one: a text of somebody else does not get to a person', () => {
    const newest = vulnerabilityNotice('IOS', null)
    for (const text of ['', 'call +49 1', '1.0 <b>', '17.4.1 或', `1${'0'.repeat(40)}`, 'http://x'])
      expect(vulnerabilityNotice('IOS', text)).toEqual(newest)
    fc.assert(
      fc.property(fc.constantFrom(...platforms), fc.string(), (platform, text) => {
        const { actionEn } = vulnerabilityNotice(platform, text)
        expect(actionEn).toMatch(/^Update [A-Za-z ]+ on this device to [0-9A-Za-z. -]+\.$/)
        expect(actionEn.length).toBeLessThanOrEqual(longestEn)
      }),
    )
  })
})

describe('by when to act', () => {
  it('is sooner the more urgent it is, and null where no time is set', () => {
    const of = (code: string) => noticeList.find((each) => each.code === code) ?? expect.fail(code)
    expect(dueAtOf(of('END_REMOTE_SESSION'), 1_000)).toBe(1_000 + 3_600_000)
    expect(dueAtOf(of('TURN_FIREWALL_ON'), 1_000)).toBe(1_000 + 86_400_000)
    expect(dueWithin({ ...of('TURN_FIREWALL_ON'), severity: 'UNKNOWN' })).toBeNull()
  })
})

describe('docs/notices.md', () => {
  const document = readFileSync(new URL('../../../docs/notices.md', import.meta.url), 'utf8')
  const [, section = ''] = document.split('<!-- notices:begin -->')
  const [table = ''] = section.split('<!-- notices:end -->')
  const rows = table
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )

  it('lists every notice as the code has it', () => {
    const hours = (ms: number | null): string => (ms === null ? 'none' : `${ms / 3_600_000} h`)
    expect(rows).toEqual(
      noticeList.map((each) => [
        `\`${each.code}\``,
        each.severity,
        hours(dueWithin(each)),
        `${each.actionEn}<br>${each.actionZh}`,
        `${each.reasonEn}<br>${each.reasonZh}`,
      ]),
    )
  })
})
