import { describe, expect, test } from 'vitest'
import { compiled, hashContact } from '../../../support/intel/indicators.ts'

const keys = (pattern: string) =>
  compiled(pattern).alternatives.map((together) =>
    together.map(({ kind, key }) => `${kind} ${key}`).join(' and '),
  )
const reasons = (pattern: string) => compiled(pattern).losses.map(({ reason }) => reason)

describe('a pattern lists', () => {
  test.each([
    ["[ipv4-addr:value = '10.0.0.1']", ['ip a000001/32']],
    ["[ipv4-addr:value = '223.166.0.0/15']", ['ip dfa60000/15']],
    ["[ipv4-addr:value ISSUBSET '10.1.2.3/8']", ['ip a000000/8']],
    ["[ipv4-addr:value ISSUPERSET '10.0.0.1/32']", ['ip a000001/32']],
    ["[ipv6-addr:value = '2001:db8::1']", ['ip 20010db8:0:0:1/128'.replace('0db8', '0db8')]],
    ["[ipv6-addr:value = '::ffff:10.0.0.1']", ['ip a000001/32']],
    ["[domain-name:value = 'Example.COM.']", ['domain example.com']],
    ["[domain-name:value = '176.223.111.131']", ['ip b0df6f83/32']],
    ["[email-addr:value = ' Bad@Example.com ']", [`email ${hashContact('bad@example.com')}`]],
    ["[x-sluice-phone:value = '+49 (30) 123-456']", [`phone ${hashContact('+4930123456')}`]],
    ["[x-sluice-payee:value = 'p1']", ['payee p1']],
    ["[user-account:user_id = 'p1' AND user-account:account_type = 'payee']", ['payee p1']],
    [
      "[user-account:account_type = 'device' AND user-account:user_id IN ('d1', 'd2')]",
      ['device d1', 'device d2'],
    ],
    ["[app:id = 'com.spy']", ['app com.spy']],
    [
      "[app:cert.sha1 = 'AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD']",
      ['certificate aabbccddeeff00112233445566778899aabbccdd'],
    ],
    [
      "[file:hashes.'SHA-256' = 'EF537F25C895BFA782526529A9B63D97AA631564D5D789C2B765448C8635FB6C']",
      ['file ef537f25c895bfa782526529a9b63d97aa631564d5d789c2b765448c8635fb6c'],
    ],
    [
      "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '10.0.0.1']",
      ['ip a000001/32'],
    ],
    [
      "[domain-name:value = 'a.com' OR ipv4-addr:value IN ('10.0.0.1', '10.0.0.2')]",
      ['domain a.com', 'ip a000001/32', 'ip a000002/32'],
    ],
    ["[x-sluice-payee:value = 'p1'] AND [x-sluice-device:value = 'd1']", ['payee p1 and device d1']],
    [
      "[(x-sluice-payee:value = 'p1' OR x-sluice-payee:value = 'p2') AND x-sluice-device:value = 'd']",
      ['payee p1 and device d', 'payee p2 and device d'],
    ],
    [
      "[ipv4-addr:value ISSUBSET '10.0.0.0/8'] AND [ipv4-addr:value ISSUBSET '10.1.0.0/16']",
      ['ip a010000/16'],
    ],
  ])('%s: %j', (pattern, expected) => {
    expect(keys(pattern)).toEqual(expected)
    expect(reasons(pattern)).toEqual([])
  })

  test.each([
    ["[email-message:subject MATCHES '^x']", ['OBJECT']],
    ["[domain-name:value MATCHES '(a+)+$']", ['OPERATOR']],
    ["[domain-name:value LIKE '%.com']", ['OPERATOR']],
    ["[domain-name:value ISSUBSET '10.0.0.0/8']", ['OPERATOR']],
    ['[EXISTS ipv4-addr:value]', ['OPERATOR']],
    ["[ipv4-addr:value > '10.0.0.1']", ['OPERATOR']],
    ["[ipv4-addr:value != '10.0.0.1']", ['NEGATION']],
    ["[ipv4-addr:value NOT IN ('10.0.0.1')]", ['NEGATION']],
    ["[ipv4-addr:value = '10.0.0.1'] FOLLOWEDBY [ipv4-addr:value = '10.0.0.2']", ['SEQUENCE']],
    ["[ipv4-addr:value = '10.0.0.1'] REPEATS 2 TIMES", ['QUALIFIER']],
    ["[ipv4-addr:value = '10.0.0.1'] AND [ipv4-addr:value = '10.0.0.2']", ['NEVER']],
    ["[ipv4-addr:value = '10.0.0.1' AND ipv4-addr:value = '10.0.0.2']", ['NEVER']],
    ["[ipv4-addr:value ISSUPERSET '10.0.0.0/8']", ['NEVER']],
    ["[ipv4-addr:value = '10.0.0.256']", ['VALUE']],
    ['[ipv4-addr:value = 7]', ['VALUE']],
    ["[ipv4-addr:value = '10.0.0.1/33']", ['VALUE']],
    ["[email-addr:value = 'nobody']", ['VALUE']],
    ["[x-sluice-phone:value = '030 123']", ['VALUE']],
    ["[user-account:user_id = 'x']", ['OBJECT']],
    ["[user-account:user_id = 'x' AND user-account:account_type = 'unix']", ['OBJECT']],
    ["[network-traffic:dst_ref.type = 'ipv4-addr']", ['OBJECT']],
    ["[process:name = 'x' AND ipv4-addr:value = '10.0.0.1']", ['OBJECT']],
  ])('nothing: %s, for %j', (pattern, expected) => {
    expect(keys(pattern)).toEqual([])
    expect(reasons(pattern)).toEqual(expected)
  })

  test('what can be compiled of alternatives, and says what is not', () => {
    const pattern = "[ipv4-addr:value = '10.0.0.1' OR process:name = 'x']"
    expect(keys(pattern)).toEqual(['ip a000001/32'])
    expect(reasons(pattern)).toEqual(['OBJECT'])
  })

  test('no more than can be kept, whatever the alternatives multiply to', () => {
    const some = Array.from({ length: 900 }, (_, i) => `'p${i}'`).join(',')
    const others = Array.from({ length: 900 }, (_, i) => `'d${i}'`).join(',')
    expect(reasons(`[x-sluice-payee:value IN (${some}) AND x-sluice-device:value IN (${others})]`)).toEqual([
      'TOO_MANY',
    ])
    const chain = Array.from({ length: 12 }, (_, i) => `[x-sluice-payee:value IN ('a${i}','b${i}')]`).join(
      ' AND ',
    )
    expect(reasons(chain)).toContain('NEVER')
  })
})
