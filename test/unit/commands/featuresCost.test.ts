import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { run } from '../../../src/commands/features.ts'

let printed = ''
const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
  printed += String(text)
  return true
})
beforeEach(() => {
  printed = ''
})
afterAll(() => stdout.mockRestore())

const small = ['--records', '20', '--payments', '64', '--rounds', '1']

describe('sluice features cost', () => {
  test('prints each feature, measure and entity', async () => {
    expect(await run(['cost', '--set', 'cards_per_ip', ...small])).toBe(0)
    const lines = printed.split('\n')
    expect(lines[0]).toBe('4 features on 20 payments of each entity of 64 payers, in memory')
    for (const window of ['1h', '24h', '7d', '30d'])
      expect(lines.some((line) => line.startsWith(`ip.distinct_card.${window} `))).toBe(true)
    expect(lines.some((line) => /^ {2}ip +64 +\d/.test(line))).toBe(true)
    expect(lines.some((line) => /^ {2}account /.test(line))).toBe(false)
  })

  test('prints JSON', async () => {
    await run(['cost', '--features', 'account.count.1h,payment.hour', '--json', ...small])
    const report = JSON.parse(printed)
    expect(report).toMatchObject({ store: 'memory', payments: 64, rounds: 1 })
    expect(Object.keys(report).toSorted()).toEqual([
      'entities',
      'features',
      'measures',
      'payments',
      'rememberMicros',
      'rounds',
      'setMicros',
      'source',
      'store',
    ])
    expect(report.setMicros).toBeGreaterThan(0)
  })

  test('takes the features of a model', async () => {
    await run(['cost', '--model', 'models/payment-risk/1', '--json', ...small])
    expect(JSON.parse(printed).features.map(({ name }: { name: string }) => name)).toContain(
      'account.sum.24h',
    )
  })

  test('has a help of its own', async () => {
    expect(await run(['cost', '--help'])).toBe(0)
    expect(printed).toContain('Usage: sluice features cost')
  })

  test.each([
    [['--set', 'acount'], 'USAGE', 'did you mean account?'],
    [['--features', 'acount.count.1h'], 'FEATURE_UNKNOWN', 'account.count.1h'],
    [['--features', 'account.count.1h', '--set', 'account'], 'USAGE', 'one of'],
    [['--records', '0'], 'USAGE', '--records'],
    [['--rounds', 'many'], 'USAGE', '--rounds'],
    [['--store', 'disk'], 'USAGE', 'memory or redis'],
    [['--model', 'no/such/folder'], 'FILE_INVALID', 'manifest.json'],
  ])('refuses %j', async (args, code, text) => {
    await expect(run(['cost', ...args])).rejects.toMatchObject({
      code,
      message: expect.stringContaining(text),
    })
    expect(printed).toBe('')
  })
})
