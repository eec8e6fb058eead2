import { describe, expect, test } from 'vitest'
import { parseFeatureList } from '../../../../src/offline/replay/featureList.ts'

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
