import { describe, expect, test } from 'vitest'
import { createIntake } from '../../../../src/intel/intake.ts'
import { isMisp, readMisp } from '../../../../src/intel/formats/misp.ts'
import { indicatorOf } from '../../../../src/intel/formats/named.ts'
import { readPlainList } from '../../../../src/intel/formats/plainList.ts'
import { readFamilies, readTable } from '../../../../src/intel/formats/stalkerware.ts'
import { createIntelTable } from '../../../../src/intel/table/table.ts'
import { hashContact, hashText } from '../../../support/intel/indicators.ts'

const terms = { source: 'it', at: 1_000, until: 5_000, confidence: 60, tlp: 'AMBER' } as const
const brief = (named: readonly { kind: string; value: string }[]) =>
  named.map(({ kind, value }) => `${kind} ${value}`)

describe('lists', () => {
  test('a line is what it looks like, without what is remarked', () => {
    const { named, unread } = readPlainList(
      '# head\n10.0.0.1\t7\n10.0.0.0/8\nspy.example\n\nA@b.example\n??\n' + 'a'.repeat(64),
      null,
    )
    expect(brief(named)).toEqual([
      'ip 10.0.0.1',
      'ip 10.0.0.0/8',
      'domain spy.example',
      'email A@b.example',
      `file ${'a'.repeat(64)}`,
    ])
    expect(unread).toEqual([expect.stringContaining('line 7')])
  })
  test('a line is what it is said to be', () => {
    expect(brief(readPlainList('p1\np2', 'payee').named)).toEqual(['payee p1', 'payee p2'])
  })
  test('attributes of MISP, those of objects too, if they are for detection', () => {
    const attributes = [
      { type: 'ip-dst|port', value: '10.0.0.1|443' },
      { type: 'iban', value: 'DE00', to_ids: true },
      { type: 'domain', value: 'x.example', to_ids: false },
      { type: 'link', value: 'x' },
      { type: 7 },
    ]
    const root = {
      response: [
        {
          Event: {
            Attribute: attributes,
            Object: [{ Attribute: [{ type: 'filename|md5', value: `x|${'b'.repeat(32)}` }] }],
          },
        },
      ],
    }
    expect(isMisp(root)).toBe(true)
    expect(isMisp({ type: 'bundle', objects: [] })).toBe(false)
    const { named, unread } = readMisp(root)
    expect(brief(named)).toEqual(['ip 10.0.0.1', 'payee DE00', `file ${'b'.repeat(32)}`])
    expect(unread).toHaveLength(3)
  })
  test('families and tables of stalkerware', () => {
    const family = {
      name: 'Spy',
      packages: ['com.spy'],
      certificates: ['AB'],
      websites: ['spy.example'],
      c2: { ips: ['10.0.0.1'], domains: ['c2.example'] },
    }
    expect(brief(readFamilies([family]).named)).toEqual([
      'app com.spy',
      'certificate AB',
      'domain spy.example',
      'domain c2.example',
      'ip 10.0.0.1',
    ])
    const rows = [
      ['SHA256', 'Package Name', 'Certificate', 'Version', 'App'],
      ['aa', 'com.spy', 'BB', '1', 'Spy'],
      ['cc', 'com.spy', '', '2', 'Spy'],
    ]
    expect(brief(readTable(rows).named)).toEqual(['file aa', 'app com.spy', 'certificate BB', 'file cc'])
    expect(
      brief(
        readTable([
          ['type', 'indicator', 'app'],
          ['domain', 'x.example', 'Spy'],
        ]).named,
      ),
    ).toEqual(['domain x.example'])
    const inherited = [
      ['type', 'indicator', 'constructor'],
      ['toString', 'x.example', 'Spy'],
    ]
    expect(brief(readTable(inherited).named)).toEqual([])
  })
  test('become indicators that are taken, with the same id each time', () => {
    const values = [
      ['ip', '10.0.0.0/8'],
      ['ip', '2001:db8::/32'],
      ['domain', 'x.example'],
      ['email', 'a@x.example'],
      ['file', 'a'.repeat(40)],
      ['app', "com.s'py\\"],
      ['certificate', 'a'.repeat(64)],
      ['payee', 'p'],
      ['device', 'd'],
      ['phone', '+4930123456'],
    ] as const
    for (const [kind, value] of values) {
      const indicator = indicatorOf({ kind, value, about: '' }, terms)
      expect(indicator.id).toBe(indicatorOf({ kind, value, about: 'x' }, { ...terms, at: 2_000 }).id)
      const table = createIntelTable(hashText)
      expect(createIntake(table, { hashContact }).take(indicator)).toMatchObject({ result: 'listed' })
      expect(table.count(kind)).toBe(1)
    }
  })
})
