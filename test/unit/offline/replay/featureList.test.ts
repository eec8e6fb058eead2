import { describe, expect, test } from 'vitest'
import { parseFeatureList, parseInline } from '../../../../src/offline/replay/featureList.ts'

describe('parseFeatureList', () => {
  const names = ['payment.amount', 'account.count.10m']

  test.each([
    ['one a line, with remarks', '# amounts\npayment.amount\n\naccount.count.10m # velocity\n'],
    ['a list in JSON', JSON.stringify(names)],
    [
      "a model's manifest",
      JSON.stringify({ id: 'm', features: names.map((name) => ({ name, whenMissing: 0 })) }),
    ],
    ['a training specification', 'id: m\nfeatures:\n  - payment.amount\n  - account.count.10m\n'],
  ])('%s', (_, text) => {
    expect(parseFeatureList(text, 'f')).toEqual(names)
  })

  test.each([
    ['', 'nothing'],
    ['{"features": [1]}', 'numbers'],
    ['{"names": []}', 'another word'],
    ['[', 'half a list'],
  ])('%j is refused: %s', (text) => {
    expect(() => parseFeatureList(text, 'f.json')).toThrow(expect.objectContaining({ code: 'FILE_INVALID' }))
  })
})

describe('names on the command line', () => {
  test('may be sets, and what two of them share is there once', () => {
    expect(parseInline('payment.amount, account.count.10m')).toEqual(['payment.amount', 'account.count.10m'])
    const shared = parseInline('payment.amount,@set:cards_per_device,device.distinct_card.24h')
    expect(shared).toEqual(['payment.amount', ...parseInline('@set:cards_per_device')])
    expect(shared).toContain('device.distinct_card.24h')
    expect(parseInline('@set:all,@set:card')).toEqual(parseInline('@set:all'))
  })

  test('that stand there twice are refused, and so are sets that do not exist', () => {
    expect(() => parseInline('a.b,a.b')).toThrow('--features names a.b twice')
    expect(() => parseInline('@set:cards')).toThrow('there is no set "cards"; sets: account, card')
  })
})
