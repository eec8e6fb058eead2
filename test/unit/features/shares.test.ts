import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAddressing } from '../../../src/features/addressing.ts'
import { paymentAppends, type Appends } from '../../../src/features/appends.ts'
import { createHasher } from '../../../src/features/hashing.ts'
import { createKeys, shardOfKey } from '../../../src/features/keys.ts'
import { shareAppends, sharesOf } from '../../../src/features/shares.ts'
import { aReceived } from '../../support/payments.ts'

const keys = createKeys(createHasher(Buffer.alloc(16, 3)))
const address = createAddressing(keys)

const batchOf = (accounts: readonly number[]) =>
  accounts.map((n) =>
    aReceived({ paymentId: `p${n}`, accountId: `a${n}`, deviceId: n % 3 === 0 ? null : `d${n}` }),
  )
const appendsOf = (accounts: readonly number[]): Appends =>
  paymentAppends(
    batchOf(accounts).map(address),
    accounts.map(() => 1),
  )

const anyAccounts = fc.array(fc.nat(30), { maxLength: 12 })
const anyNodes = fc.integer({ min: 1, max: 4 })

describe('shares of a batch', () => {
  test('hold each log once, at the node that has it, in the order of the batch', () =>
    fc.assert(
      fc.property(
        anyAccounts,
        fc.array(anyAccounts, { maxLength: 3 }),
        anyNodes,
        (accounts, earlier, nodes) => {
          const nodeOfShard = (shard: number): number => shard % nodes
          const nodeOfDevice = (deviceId: string): number =>
            nodeOfShard(shardOfKey(keys.deviceState(deviceId)))
          const appends = appendsOf(accounts)
          const before = earlier.map(appendsOf)
          const batch = batchOf(accounts)
          const places = appends.touched.map((_, i) => i)
          const shares = sharesOf({ appends, places, batch, before }, { nodeOfShard, nodeOfDevice })

          expect(new Set(shares.map(({ node }) => node)).size).toBe(shares.length)
          expect(shares.flatMap((share) => share.places).toSorted((a, b) => a - b)).toEqual(places)
          for (const share of shares) {
            expect(share.appends.touched).toEqual(share.places.map((place) => appends.touched[place]))
            expect(share.places).toEqual(share.places.toSorted((a, b) => a - b))
            for (const { touched } of [share.appends, ...share.before])
              for (const { entity } of touched) expect(nodeOfShard(entity.shard)).toBe(share.node)
            for (const { payment } of share.batch)
              expect(nodeOfDevice(payment.deviceId ?? '')).toBe(share.node)
          }
          expect(shares.flatMap((share) => share.batch)).toHaveLength(
            batch.filter(({ payment }) => payment.deviceId !== null).length,
          )
          const total = (list: readonly Appends[]): number =>
            list.reduce((sum, { touched }) => sum + touched.length, 0)
          expect(total(shares.flatMap((share) => share.before))).toBe(total(before))
        },
      ),
    ))

  test('of one node are the whole', () => {
    const appends = appendsOf([1, 2, 3])
    expect([...shareAppends(appends, () => 0)]).toEqual([[0, appends]])
  })
})
