import { describe, expect, test } from 'vitest'
import type { Payment } from '../../../src/domain/payment.ts'
import { foldingDefaults } from '../../../src/features/folding.redis.ts'
import { coverageKey } from '../../../src/features/keys.ts'
import type { Recalled } from '../../../src/features/recalled.ts'
import { coveredSince, histories } from '../../support/conformance/histories.ts'
import { seen } from '../../support/conformance/seen.ts'
import { allowedFromOf } from '../../support/columns.ts'
import { anAccountEvent, occurred } from '../../support/happenings.ts'
import { aReceived } from '../../support/payments.ts'
import { connect, keys, openHistories, until, type OpenedHistories } from '../../support/redisStores.ts'
import { useOwnRedis } from '../../support/ownRedis.ts'

const server = useOwnRedis(coveredSince)

const payment = (paymentId: string, over: Partial<Payment> = {}) => aReceived({ paymentId, ...over })
const account = keys.entity(0, 'acc-1')

describe('histories in Redis', () => {
  histories(async () => {
    await server.empty()
    return { open: () => openHistories(server.redis), close: () => Promise.resolve() }
  }, 60)
})

describe('histories in Redis whose outcomes wait', () => {
  // Whoever writes in turns with others flushes first, as a commit does.
  const flushing = (): OpenedHistories => {
    const instance = openHistories(server.redis, { outcomesWait: true })
    return {
      ...instance,
      conclude: async (batch) => {
        await instance.conclude(batch)
        await instance.flush()
      },
    }
  }
  histories(async () => {
    await server.empty()
    return { open: flushing, close: () => Promise.resolve() }
  }, 30)

  test('outcomes go with the payments that come next, before them', async () => {
    const instance = openHistories(server.redis, { outcomesWait: true })
    await instance.remember([payment('one')])
    const before = await server.redis.strlen(account.key)
    await instance.conclude([{ received: payment('one'), outcome: 'ALLOW' }])
    expect(await server.redis.strlen(account.key)).toBe(before)
    const [recalled] = await instance.remember([payment('two')])
    const view = recalled?.views[0]
    if (view === null || view === undefined || view === 'unknown') throw new Error('the history was not read')
    expect(allowedFromOf(view.history)[0]).toBeLessThan(view.before)
    expect(await server.redis.strlen(account.key)).toBe(2 * before + 32)
  })

  test('a flush leaves nothing behind, whatever is under way', async () => {
    const instance = openHistories(server.redis, { outcomesWait: true })
    await instance.remember([payment('one')])
    const before = await server.redis.strlen(account.key)
    await instance.conclude([{ received: payment('one'), outcome: 'BLOCK' }])
    const underWay = instance.remember([payment('two')])
    await instance.flush()
    expect(await server.redis.strlen(account.key)).toBe(2 * before + 32)
    await underWay
  })

  test('outcomes go also where the script is not loaded yet', async () => {
    const instance = openHistories(server.redis, { outcomesWait: true })
    await instance.conclude([{ received: payment('one'), outcome: 'ALLOW' }])
    await server.redis.script('FLUSH')
    await instance.remember([payment('two')])
    expect(await server.redis.strlen(account.key)).toBe(72 + 32)
  })
})

describe('what happens beside payments and is not taken', () => {
  const event = (accountId: string) =>
    occurred(anAccountEvent({ accountId, deviceId: null, ipAddress: null, payeeId: null }))

  test('takes nothing from the payments: too slow', async () => {
    const instance = openHistories(server.redis, { commandTimeoutMs: 50 })
    const control = await connect(server.servers.redisUrl)
    await control.client('PAUSE', 60_000, 'WRITE')
    await expect(instance.note([event('acc-1')])).rejects.toThrow(/did not take/)
    await control.client('UNPAUSE')
    control.disconnect()
    const [recalled] = await instance.remember([payment('one')])
    expect(recalled?.views).not.toContain('unknown')
  })

  test('takes nothing from the payments: a log that is none', async () => {
    const instance = openHistories(server.redis)
    await server.redis.lpush(keys.entity(0, 'acc-broken').key, 'no log')
    await expect(instance.note([event('acc-1'), event('acc-broken')])).rejects.toThrow(/did not take/)
    const [recalled] = await instance.remember([payment('one')])
    expect(recalled?.views).not.toContain('unknown')
  })
})

describe('what is read', () => {
  test('a log that is held and has not changed is not read again', async () => {
    const instance = openHistories(server.redis)
    for (const id of ['one', 'two', 'three']) await instance.remember([payment(id)])
    expect(instance.events).toEqual(new Map())
  })

  test('what another instance wrote is read, and nothing else', async () => {
    const [instance, other] = [openHistories(server.redis), openHistories(server.redis)]
    await instance.remember([payment('one')])
    await other.remember([payment('two')])
    const [recalled] = await instance.remember([payment('three')])
    expect(seen(recalled?.views[0])).toHaveLength(2)
    expect(other.events).toEqual(new Map([['logs_read_whole', 4]]))
    expect(instance.events).toEqual(new Map([['logs_read_beyond', 4]]))
  })

  test('batches of one instance that overlap see the same log', async () => {
    const instance = openHistories(server.redis)
    await instance.remember([payment('before')])
    const recalled = await Promise.all(
      ['one', 'two', 'three'].map((id) => instance.remember([payment(id)]).then(([each]) => each)),
    )
    expect(recalled.map((each) => seen(each?.views[0])).map((view) => view?.length)).toEqual([1, 2, 3])
  })

  test('a copy that is too old is read whole', async () => {
    let now = 0
    const instance = openHistories(server.redis, { now: () => now, copyMaxAgeMs: 100 })
    await instance.remember([payment('one')])
    now = 101
    await instance.remember([payment('two')])
    expect(instance.events).toEqual(new Map([['logs_read_whole', 4]]))
  })

  test('more histories than there is room for are read again, and right', async () => {
    const instance = openHistories(server.redis, { copiesMaxBytes: 20_000 })
    const round = () =>
      Promise.all(
        Array.from({ length: 40 }, (_, n) =>
          instance.remember([payment(`${n}`, { accountId: `a${n}`, attempt: next })]),
        ),
      )
    let next = 1
    await round()
    next = 2
    const second = await round()
    expect(second.map(([each]) => seen(each?.views[0])?.length)).toEqual(second.map(() => 1))
    expect(instance.events.get('logs_read_whole')).toBeGreaterThan(0)
  })

  test('a log with something unreadable in it is unknown, and the others are not', async () => {
    await server.redis.append(account.key, Buffer.from([0x1f, 9, ...Array.from({ length: 70 }, () => 0)]))
    const instance = openHistories(server.redis)
    const [recalled] = await instance.remember([payment('one')])
    expect(recalled?.views.map(seen)).toEqual(['unknown', null, [], [], [], null])
    expect(instance.events.get('logs_unreadable')).toBe(1)
  })

  test('tokens do not appear in keys', async () => {
    await openHistories(server.redis).remember([payment('one', { cardToken: 'card-1', merchantId: 'mer-1' })])
    const found = (await server.redis.keys('*')).filter((key) => !key.endsWith(':covered'))
    expect(found).toHaveLength(6)
    for (const key of found) expect(key).toMatch(/^v1:\{s\d{1,4}\}:[acdipm]:[0-9a-f]{16}$/)
  })
})

describe('expiry', () => {
  test('comes no sooner than the longest window ends, however long histories are kept', async () => {
    const retentionMs = 365 * 86_400_000
    const instance = openHistories(server.redis, { folding: { ...foldingDefaults, retentionMs } })
    await instance.remember([payment('one')])
    expect(await server.redis.pttl(account.key)).toBeGreaterThan(retentionMs + 86_400_000)
    await instance.close()
  })

  test('is set when a log comes into being and not with each append', async () => {
    let now = 0
    const instance = openHistories(server.redis, { expiryMs: 4_000_000, now: () => now })
    await instance.remember([payment('one')])
    expect(await server.redis.pttl(account.key)).toBeGreaterThan(3_900_000)
    await server.redis.pexpire(account.key, 60_000)
    await instance.remember([payment('two')])
    expect(await server.redis.pttl(account.key)).toBeLessThanOrEqual(60_000)
    now = 1_000_001
    await instance.remember([payment('three')])
    expect(await server.redis.pttl(account.key)).toBeGreaterThan(3_900_000)
  })

  test('is prolonged by what is noted beside payments, by whoever notes it', async () => {
    let now = 0
    const options = { expiryMs: 4_000_000, now: () => now }
    const instance = openHistories(server.redis, options)
    const note = (who: OpenedHistories, eventId: string) => who.note([occurred(anAccountEvent({ eventId }))])
    await instance.remember([payment('one')])
    await server.redis.pexpire(account.key, 60_000)
    await note(instance, 'soon')
    expect(await server.redis.pttl(account.key)).toBeLessThanOrEqual(60_000)
    now = 1_000_001
    await note(instance, 'later')
    expect(await server.redis.pttl(account.key)).toBeGreaterThan(3_900_000)
    await server.redis.pexpire(account.key, 60_000)
    await note(openHistories(server.redis, options), 'by one that holds nothing')
    expect(await server.redis.pttl(account.key)).toBeGreaterThan(3_900_000)
  })

  test('is set where an outcome is all that is left', async () => {
    const instance = openHistories(server.redis, { expiryMs: 4_000_000 })
    await instance.conclude([{ received: payment('one'), outcome: 'ALLOW' }])
    expect(await server.redis.pttl(account.key)).toBeGreaterThan(3_900_000)
  })
})

describe('coverage', () => {
  test('an empty Redis covers from now on only', async () => {
    await server.redis.flushall()
    const [recalled] = await openHistories(server.redis, { now: () => 7_777 }).remember([payment('one')])
    expect(recalled?.coveredSince[0]).toBe(7_777)
    expect(await server.redis.get(coverageKey(account.shard))).toBe('7777')
  })

  test('a Redis that lost everything makes nobody a new customer', async () => {
    const instance = openHistories(server.redis, { now: () => 7_777 })
    await instance.remember([payment('one')])
    await server.redis.flushall()
    const [recalled] = await instance.remember([payment('two')])
    expect(seen(recalled?.views[0])).toEqual([])
    expect(recalled?.coveredSince[0]).toBe(7_777)
  })

  test('no history of a lost shard is taken for that of somebody new', async () => {
    const instance = openHistories(server.redis)
    for (const id of ['a', 'b', 'c'])
      await instance.remember([payment(`before-${id}`, { accountId: `acc-${id}` })])
    await server.redis.flushall()
    await instance.remember([payment('first', { accountId: 'acc-a' })])
    const recalled = await instance.remember(
      ['b', 'c'].map((id) => payment(`after-${id}`, { accountId: `acc-${id}` })),
    )
    for (const each of recalled) expect(each.coveredSince[0]).toBeGreaterThan(coveredSince)
  })

  test('a lost log that has grown to the same length is not taken for the one that is held', async () => {
    const [instance, other] = [openHistories(server.redis), openHistories(server.redis)]
    await instance.remember([payment('one', { amountMinor: 1 })])
    await server.redis.flushall()
    await other.remember([payment('two', { amountMinor: 2 })])
    const [recalled] = await instance.remember([payment('three')])
    expect(seen(recalled?.views[0])).toMatchObject([{ amount: 2 }])
    expect(instance.events.get('logs_read_again')).toBe(4)
  })

  test('one log that was lost alone and has grown beyond is read anew', async () => {
    const [instance, other] = [openHistories(server.redis), openHistories(server.redis)]
    await instance.remember([payment('one', { amountMinor: 1 })])
    await server.redis.del(account.key)
    await other.remember([{ ...payment('two', { amountMinor: 2 }), contentHash: '00bb000000000000' }])
    await other.remember([payment('three', { amountMinor: 3 })])
    const [recalled] = await instance.remember([payment('four')])
    expect(seen(recalled?.views[0])).toMatchObject([{ amount: 2 }, { amount: 3 }])
  })
})

describe('while Redis is away', () => {
  const commandTimeoutMs = 100
  const everyViewUnknown = ['unknown', null, 'unknown', 'unknown', 'unknown', null]

  test('a paused Redis costs one time-out; what it missed is there when it wakes up, and views are right', async () => {
    const own = await connect(server.servers.redisUrl)
    const instance = openHistories(own, { commandTimeoutMs })
    await instance.remember([payment('before')])
    await server.servers.pause('redis')
    const asked = performance.now()
    const [first] = await instance.remember([payment('one')])
    const firstTook = performance.now() - asked
    const rest = []
    for (const id of ['two', 'three', 'four']) rest.push(...(await instance.remember([payment(id)])))
    const restTook = performance.now() - asked - firstTook
    await instance.conclude([{ received: payment('one'), outcome: 'ALLOW' }])
    await server.servers.resume('redis')

    for (const each of [first, ...rest]) {
      expect(each?.views.map(seen)).toEqual(everyViewUnknown)
      expect(each?.coveredSince[0]).toBe(Infinity)
      expect(each?.device).toBe('unknown')
    }
    expect(firstTook).toBeGreaterThanOrEqual(commandTimeoutMs - 2)
    expect(firstTook).toBeLessThan(commandTimeoutMs + 900)
    expect(restTook).toBeLessThan(commandTimeoutMs)

    await until(() => (instance.events.get('records_caught_up') ?? 0) >= 20)
    const [after] = await instance.remember([payment('after')])
    const [elsewhere] = await openHistories(server.redis).remember([payment('elsewhere')])
    const told = [
      { allowed: false },
      { allowed: true },
      { allowed: false },
      { allowed: false },
      { allowed: false },
    ]
    expect(seen(after?.views[0])).toMatchObject(told)
    expect(seen(elsewhere?.views[0])).toMatchObject([...told, { allowed: false }])
    own.disconnect()
  })

  test('nobody is told a history that is short until everything has caught up', async () => {
    const own = await connect(server.servers.redisUrl)
    const instance = openHistories(own, { commandTimeoutMs })
    await server.servers.pause('redis')
    const missed = 30
    for (let n = 0; n < missed; n++) await instance.remember([payment(`${n}`)])
    await server.servers.resume('redis')
    let known: readonly unknown[] | 'unknown' | null = 'unknown'
    let asked = 0
    await until(async () => {
      const [recalled] = await instance.remember([payment(`asked-${asked++}`)])
      known = seen(recalled?.views[0])
      return known !== 'unknown'
    })
    expect(known).toHaveLength(missed + asked - 1)
    own.disconnect()
  })

  test('what happens beside payments is refused while Redis is away, and taken when it comes again', async () => {
    const own = await connect(server.servers.redisUrl)
    const instance = openHistories(own, { commandTimeoutMs })
    await instance.remember([payment('one')])
    const batch = [occurred(anAccountEvent())]
    await server.servers.pause('redis')
    await expect(instance.note(batch)).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE', retriable: true })
    await server.servers.resume('redis')
    await until(async () =>
      instance.note(batch).then(
        () => true,
        () => false,
      ),
    )
    const [recalled] = await instance.remember([payment('two')])
    const view = recalled?.views[0]
    expect(view !== undefined && view !== null && view !== 'unknown' && view.history.notes.length).toBe(1)
    own.disconnect()
  })

  test('a Redis that is killed and started again gets what it missed', async () => {
    const own = await connect(server.servers.redisUrl)
    // With everysec a killed server may lose the last two seconds; here it is our part that is tested.
    await own.config('SET', 'appendfsync', 'always')
    const instance = openHistories(own, { commandTimeoutMs })
    await instance.remember([payment('before')])
    await server.servers.kill('redis')
    const [away] = await instance.remember([payment('one')])
    expect(away?.views.map(seen)).toEqual(everyViewUnknown)
    await server.servers.start('redis')
    await until(() => (instance.events.get('records_caught_up') ?? 0) > 0)
    // A server that has just started may be slow once more; the same payment sees the same when it comes again.
    let after: Recalled | undefined
    await until(async () => {
      ;[after] = await instance.remember([payment('after')])
      return after?.views[0] !== 'unknown'
    })
    expect(seen(after?.views[0])).toHaveLength(2)
    own.disconnect()
    await until(() => server.redis.status === 'ready')
  })

  test('what there is no room for is counted, and moves the coverage of its shards', async () => {
    const own = await connect(server.servers.redisUrl)
    const instance = openHistories(own, { commandTimeoutMs, missedMaxBytes: 1_000 })
    await server.servers.pause('redis')
    await instance.remember([payment('kept')])
    await instance.remember([payment('lost', { occurredAt: 5_000 })])
    await server.servers.resume('redis')
    expect(instance.events.get('records_lost')).toBe(4)
    await until(async () => (await server.redis.get(coverageKey(account.shard))) === '5001')
    await until(async () => (await instance.remember([payment('after')]))[0]?.views[0] !== 'unknown')
    const [after] = await instance.remember([payment('later')])
    expect(after?.coveredSince[0]).toBe(5_001)
    expect(await server.redis.get(coverageKey((account.shard + 1) % 1024))).toBe(String(coveredSince))
    own.disconnect()
  })
})
