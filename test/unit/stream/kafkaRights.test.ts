import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { kafkaRights } from '../../../src/stream/kafkaRights.ts'

const page = readFileSync(new URL('../../../docs/security.md', import.meta.url), 'utf8')
const cellsOf = (line: string): readonly string[] =>
  line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim())

it('docs/security.md lists the least rights in Kafka as the code has them', () => {
  const rows = page
    .split('\n')
    .filter((line) => /^\| (topic|group|transactional id) /.test(line))
    .map(cellsOf)
  expect(rows).toEqual(
    kafkaRights('', 'sluice').map(({ resource, name, pattern, operation, needed, purpose }) => [
      resource.toLowerCase().replace('_', ' '),
      `\`${name}\`${pattern === 'PREFIXED' ? ' and what begins so' : ''}`,
      operation,
      needed,
      purpose,
    ]),
  )
})
