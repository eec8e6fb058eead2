import { expect, it } from 'vitest'
import { createBundleBook } from '../../../../src/offline/audit/bundleBook.ts'
import { readActiveAccount } from '../../../../src/offline/audit/bundles.file.ts'
import { readBundleTopic } from '../../../../src/offline/audit/bundles.kafka.ts'
import { createBundleCodec } from '../../../../src/stream/codec/bundle.ts'
import { loadSchemas, ownSchemasFolder } from '../../../../src/stream/codec/schemas.file.ts'
import type { RawRecord } from '../../../../src/stream/record.ts'

const {
  accounts: [account],
} = await readActiveAccount('models', { unsigned: 'allow', keysFolder: null })
if (account === undefined) throw new Error('the shipped bundle is needed')
const { bundleHash } = account
const changed = { ...account, policyText: `${account.policyText}\n# changed` }

it('believes what the hash covers, and a false account stands in nobody else’s way', () => {
  expect(createBundleBook([account]).of(bundleHash)?.account).toBe(account)
  expect(createBundleBook([changed, account]).of(bundleHash)?.account).toBe(account)
  expect(() => createBundleBook([changed]).of(bundleHash)).toThrow('expected what its hash is of')
  const other = createBundleBook([account, { ...changed, bundleHash: 'f'.repeat(64) }])
  expect(other.of(bundleHash)?.account).toBe(account)
  expect(other.of('0'.repeat(64))).toBe(null)
})

it('reads the accounts of the topic, and tells of a record that is none', async () => {
  const schemas = await loadSchemas(ownSchemasFolder)
  const value = createBundleCodec(schemas).encode({ ...account, publishedAt: Date.UTC(2026, 0, 15) })
  const record = (offset: number, bytes: Buffer | null): RawRecord => ({
    topic: 'bundles',
    partition: 0,
    offset,
    timestamp: 0,
    key: null,
    value: bytes,
    headers: {},
    enteredAt: 0,
  })
  const problems: string[] = []
  const found = await readBundleTopic(
    {
      exists: () => Promise.resolve(true),
      scan: async function* () {
        yield [record(0, Buffer.from('no account')), record(1, null), record(2, value)]
      },
    },
    schemas,
    'bundles',
    (problem) => problems.push(problem),
  )
  expect(found.map((each) => each.bundleHash)).toEqual([bundleHash])
  expect(problems).toEqual([expect.stringMatching(/^bundles, partition 0, offset 0: expected /)])
})
