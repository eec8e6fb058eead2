import { describe, expect, it } from 'vitest'
import { createNotices, type NoticesDeps } from '../../../src/compose/notices.ts'
import { deviceNotices } from '../../../src/decision/noticeCatalogue.ts'
import { noticesOfDevice } from '../../../src/decision/noticesOfDevice.ts'
import type { NoticeDraft, PublishedNotice } from '../../../src/domain/notice.ts'
import { createHasher } from '../../../src/features/hashing.ts'
import { createMemoryNoticeLimit } from '../../../src/features/noticeLimit.memory.ts'
import type { NoticeLimit } from '../../../src/features/noticeLimit.ts'

const now = Date.UTC(2026, 0, 15)
const dayMs = 86_400_000
const hasher = createHasher(Buffer.alloc(16, 3))
const limits = { repeatMs: dayMs, aDay: 3, criticalADay: 5 }

const open = (over: Partial<NoticesDeps> = {}) => {
  const sent: PublishedNotice[] = []
  const keys: string[] = []
  const counted: string[] = []
  const deps: NoticesDeps = {
    limit: createMemoryNoticeLimit(limits, () => now),
    hash: (text) => hasher.hashContent(Buffer.from(text)),
    encode: (notice) => Buffer.from(JSON.stringify(notice)),
    publish: (messages) => {
      for (const { key, value } of messages) {
        keys.push(key)
        sent.push(JSON.parse(String(value)) as PublishedNotice)
      }
      return Promise.resolve()
    },
    now: () => now,
    maxAgeMs: 7 * dayMs,
    observe: ({ code, moment }, result) => counted.push(`${code} ${moment} ${result}`),
    ...over,
  }
  const notices = createNotices(deps)
  /** As the publisher of decisions does. */
  const tell = async (drafts: readonly NoticeDraft[]): Promise<void> => {
    const { messages, given } = await notices.ready(drafts)
    await deps.publish(messages)
    given()
  }
  return { ...notices, tell, sent, keys, counted }
}

const firewallOff = (cause = 'report-1', deviceId = 'dev-1', at = now) =>
  noticesOfDevice(deviceNotices.FIREWALL, { deviceId, cause, at }, [])
const controlled = (cause = 'report-1', deviceId = 'dev-1') =>
  noticesOfDevice(deviceNotices.REMOTE_ACCESS, { deviceId, cause, at: now }, [])

describe.each(['tell', 'tellOnce'] as const)('%s', (way) => {
  it('publishes under the key of who gets it, and counts', async () => {
    const notices = open()
    await notices[way](firewallOff())
    expect(notices.keys).toEqual(['dev-1'])
    expect(notices.sent).toMatchObject([
      {
        code: 'TURN_FIREWALL_ON',
        deviceId: 'dev-1',
        accountId: '',
        noticeId: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
    ])
    expect(notices.sent[0]).not.toHaveProperty('recipient')
    expect(notices.sent[0]).not.toHaveProperty('subject')
    expect(notices.counted).toEqual(['TURN_FIREWALL_ON BEFORE published'])
  })

  it('the same of the same subject is told once, whatever brought it about', async () => {
    const notices = open()
    await notices[way](firewallOff('report-1'))
    await notices[way](firewallOff('report-2'))
    await notices[way](firewallOff('report-2', 'dev-2'))
    expect(notices.keys).toEqual(['dev-1', 'dev-2'])
    expect(notices.counted.filter((each) => each.endsWith('duplicate'))).toHaveLength(1)
  })

  it('nobody is told of what happened too long ago', async () => {
    const notices = open()
    await notices[way](firewallOff('old', 'dev-1', now - 7 * dayMs - 1))
    expect(notices.sent).toEqual([])
    expect(notices.counted).toEqual(['TURN_FIREWALL_ON BEFORE stale'])
  })

  it('has the same id when it comes again, before and after a crash', async () => {
    const [one, other] = [open(), open()]
    await one[way](firewallOff())
    await other[way](firewallOff())
    expect(other.sent).toEqual(one.sent)
  })

  it('what Kafka did not take comes again, and is told then', async () => {
    const limit = createMemoryNoticeLimit(limits, () => now)
    const failing = open({ limit, publish: () => Promise.reject(new Error('no broker')) })
    await expect(failing[way](firewallOff())).rejects.toThrow('no broker')
    expect(failing.counted).toEqual([])
    const notices = open({ limit })
    await notices[way](firewallOff())
    expect(notices.keys).toEqual(['dev-1'])
  })

  it('one that is in a batch twice goes out once', async () => {
    const notices = open()
    await notices[way]([...firewallOff(), ...firewallOff()])
    expect(notices.keys).toEqual(['dev-1'])
  })

  it('nobody is told more than he can bear, but for what is critical', async () => {
    const notices = open()
    const accounts = ['acc-1']
    for (let n = 0; n < 5; n++)
      await notices[way](
        noticesOfDevice(deviceNotices.FIREWALL, { deviceId: `d${n}`, cause: 'r', at: now }, accounts),
      )
    await notices[way](
      noticesOfDevice(deviceNotices.SIM_CHANGE, { deviceId: 'd', cause: 'r', at: now }, accounts),
    )
    expect(notices.sent.map(({ code }) => code)).toEqual([
      'TURN_FIREWALL_ON',
      'TURN_FIREWALL_ON',
      'TURN_FIREWALL_ON',
      'CALL_OPERATOR',
    ])
    expect(notices.counted.filter((each) => each.endsWith('limited'))).toHaveLength(2)
  })
})

describe('without Redis', () => {
  const away: NoticeLimit = {
    claim: (claims) => Promise.resolve(claims.map(() => null)),
    confirm: () => Promise.reject(new Error('away')),
  }

  it('of payments: what is critical goes out, the rest is held and counted', async () => {
    const notices = open({ limit: away })
    await notices.tell([...firewallOff(), ...controlled()])
    expect(notices.sent.map(({ code }) => code)).toEqual(['END_REMOTE_SESSION'])
    expect(notices.counted).toEqual(['TURN_FIREWALL_ON BEFORE held', 'END_REMOTE_SESSION BEFORE published'])
  })

  it('of what comes again: all of it waits', async () => {
    const notices = open({ limit: away })
    await expect(notices.tellOnce([...firewallOff(), ...controlled()])).rejects.toMatchObject({
      code: 'REDIS_UNAVAILABLE',
      retriable: true,
    })
    expect(notices.sent).toEqual([])
  })
})

describe('a crash', () => {
  it('between claim and Kafka loses nothing; after it was confirmed nothing is told again', async () => {
    const limit = createMemoryNoticeLimit(limits, () => now)
    const never = { limit, publish: () => Promise.reject(new Error('killed')) }
    await expect(open(never).tellOnce(firewallOff())).rejects.toThrow('killed')
    const restarted = open({ limit })
    await restarted.tellOnce(firewallOff())
    await restarted.tellOnce(firewallOff())
    expect(restarted.keys).toEqual(['dev-1'])
    expect(restarted.counted).toEqual([
      'TURN_FIREWALL_ON BEFORE published',
      'TURN_FIREWALL_ON BEFORE duplicate',
    ])
  })

  it('between Kafka and confirmation gives the same id again', async () => {
    const limit = createMemoryNoticeLimit(limits, () => now)
    const killed = open({ limit: { ...limit, confirm: () => Promise.reject(new Error('killed')) } })
    await expect(killed.tellOnce(firewallOff())).rejects.toThrow('killed')
    const restarted = open({ limit })
    await restarted.tellOnce(firewallOff())
    expect(restarted.sent).toEqual(killed.sent)
  })
})
