import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { keyDescriptions, prefix, secretKeys, settingsSchema } from '../../src/configKeys.ts'
import { metricList, type MetricDefinition } from '../../src/ops/metricList.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

type Row = readonly string[]

/** The cells of the table between two markers, without its head. */
const rowsBetween = (name: string): readonly Row[] => {
  const [, section = ''] = readme.split(`<!-- ${name}:begin -->`)
  const [table = ''] = section.split(`<!-- ${name}:end -->`)
  return table
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )
}

const code = (text: string): string => `\`${text}\``

const keyRows = (): readonly Row[] =>
  Object.values(settingsSchema.shape).map((schema) => {
    const key = keyDescriptions.get(schema)
    if (key === undefined) throw new Error('a key without description')
    const shown = key.defaultShown ?? (key.default === '' ? 'empty' : code(key.default))
    return [code(prefix + key.variable), shown, key.unit, key.meaning]
  })

const secretRows = (): readonly Row[] =>
  Object.values(secretKeys).map(({ variable, expected, meaning }) => [
    `${code(prefix + variable)} or ${code(`${prefix}${variable}_FILE`)}`,
    'none',
    expected,
    meaning,
  ])

const metricRows = (): readonly Row[] =>
  Object.values<MetricDefinition>(metricList).map(({ name, type, label, secondLabel, thirdLabel, help }) => [
    code(name),
    type,
    [label, secondLabel, thirdLabel].flatMap((each) => (each === undefined ? [] : [code(each)])).join(', '),
    help,
  ])

describe('the README', () => {
  it('lists every key of the configuration as the code has it', () => {
    expect(rowsBetween('configuration')).toEqual([...keyRows(), ...secretRows()])
  })

  it('lists every metric as the code has it', () => {
    expect(rowsBetween('metrics')).toEqual(metricRows())
  })
})
