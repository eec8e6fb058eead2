import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { run } from '../../../src/commands/features.ts'
import { listFeatures } from '../../../src/features/catalogue.ts'
import { featureSets } from '../../../src/features/featureSets.ts'

let printed = ''
const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
  printed += String(text)
  return true
})
beforeEach(() => {
  printed = ''
})
afterAll(() => stdout.mockRestore())

describe('sluice features', () => {
  test('list has a line for each feature, its sentence beside it', async () => {
    expect(await run(['list'])).toBe(0)
    const lines = printed.split('\n')
    for (const { name, sentence } of listFeatures())
      expect(lines.some((line) => line.startsWith(`${name} `) && line.endsWith(` ${sentence}`))).toBe(true)
    expect(printed).toContain('<entity> is account, card, device, ip, payee, merchant, or a pair')
    const column = lines.find((line) => line.startsWith('payment.amount '))?.indexOf('The amount')
    expect(lines.find((line) => line.startsWith('payment.hour '))?.indexOf('Hour')).toBe(column)
  })

  test('sets has each set with its names', async () => {
    expect(await run(['sets'])).toBe(0)
    expect(printed).toContain(
      'cards_per_device: Different cards from one device.\n  device.distinct_card.1h\n',
    )
  })

  test('both print JSON', async () => {
    await run(['list', '--json'])
    expect(JSON.parse(printed)).toEqual(listFeatures())
    printed = ''
    await run(['sets', '--json'])
    expect(JSON.parse(printed)).toEqual(featureSets)
  })

  test.each([[[]], [['show']], [['list', 'sets']]])('wrong call %j', async (args) => {
    await expect(run(args)).rejects.toMatchObject({ code: 'USAGE' })
  })
})
