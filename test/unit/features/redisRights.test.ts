import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { aclRules, redisCommands, redisRights } from '../../../src/features/redisRights.ts'
import { documentedRules } from '../../support/documentedUsers.ts'

const folder = new URL('../../../src/features/', import.meta.url)
const sources = readdirSync(folder)
  .filter((name) => name.endsWith('.redis.ts'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))

/** Commands in Lua, and those that are called by their name in capitals. */
const namedCommands = (source: string): readonly string[] =>
  [...source.matchAll(/\bcall(?:Buffer)?\('([A-Z]+)'/g)].map(([, name = '']) => name.toLowerCase())

/** Commands that are methods of the connection. */
const methodCommands = (source: string): readonly string[] =>
  [...source.matchAll(/\bredis\.([a-z]+?)(?:Buffer)?\(/g)].map(([, name = '']) => name)

/** The first have no command of their own, `mset` is for who fills an empty Redis, `cluster` has a right for NODES. */
const others = ['on', 'once', 'disconnect', 'pipeline', 'call', 'mset', 'cluster']

describe('the rights that a processor needs', () => {
  test('are those of the commands in the sources', () => {
    const used = sources.flatMap((source) => [...namedCommands(source), ...methodCommands(source)])
    expect(used.length).toBeGreaterThan(15)
    expect(redisCommands).toEqual(
      expect.arrayContaining([...new Set(used)].filter((name) => !others.includes(name))),
    )
  })

  test('are documented, each with its purpose', () => {
    expect(documentedRules('sluice')).toEqual(['reset', 'on', '>CHANGE-ME', ...aclRules])
    expect(documentedRules('sluice-tools')).toEqual(expect.arrayContaining([...aclRules]))
    const document = readFileSync(new URL('../../../docs/redis.md', import.meta.url), 'utf8')
    const rows = document
      .split('\n')
      .filter((line) => /^\| `[a-z]/.test(line))
      .map((line) =>
        line
          .replaceAll('\\|', '/')
          .split('|')
          .map((cell) => cell.trim().replaceAll('`', '')),
      )
    expect(rows.map(([, right, required, purpose]) => [right, required, purpose])).toEqual(
      redisCommands.map((command) => [
        command.replace('|', '/'),
        redisRights[command].required ? 'yes' : 'no',
        redisRights[command].purpose,
      ]),
    )
  })
})
