import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { patchIdlePoll, type KafkajsParts } from '../../../src/stream/idlePoll.kafka.ts'

const refuse = (message: string): never => {
  throw new Error(message)
}

type Queue = { readonly pending: unknown[]; readonly scheduleCheckPendingRequests: () => void }

const fakeParts = (version: string) => {
  let scheduled = 0
  const parts: KafkajsParts = { version, prototype: { scheduleCheckPendingRequests: () => (scheduled += 1) } }
  const queueWith = (pending: unknown[]): Queue => Object.assign(Object.create(parts.prototype), { pending })
  return { parts, queueWith, scheduled: () => scheduled }
}

describe('patchIdlePoll', () => {
  it('schedules a look only while a request waits', () => {
    const { parts, queueWith, scheduled } = fakeParts('2.2.4')
    expect(patchIdlePoll(refuse, parts)).toBe(true)
    queueWith([]).scheduleCheckPendingRequests()
    expect(scheduled()).toBe(0)
    queueWith(['a request']).scheduleCheckPendingRequests()
    expect(scheduled()).toBe(1)
  })

  it('patches once, however often it is asked', () => {
    const { parts } = fakeParts('2.2.4')
    patchIdlePoll(refuse, parts)
    const patched = parts.prototype.scheduleCheckPendingRequests
    expect(patchIdlePoll(refuse, parts)).toBe(true)
    expect(parts.prototype.scheduleCheckPendingRequests).toBe(patched)
  })

  it('leaves another version alone, with a warning', () => {
    const { parts, queueWith, scheduled } = fakeParts('2.3.0')
    const warnings: string[] = []
    expect(patchIdlePoll((message) => warnings.push(message), parts)).toBe(false)
    expect(warnings).toEqual([expect.stringContaining('kafkajs 2.3.0')])
    queueWith([]).scheduleCheckPendingRequests()
    expect(scheduled()).toBe(1)
  })

  describe('in the kafkajs that is installed', () => {
    const require = createRequire(import.meta.url)
    type RealQueue = Queue & {
      readonly throttleCheckTimeoutId: unknown
      readonly maybeThrottle: (ms: number) => void
      readonly push: (request: object) => void
      readonly checkPendingRequests: () => void
      readonly destroy: () => void
    }
    const RequestQueue = require('kafkajs/src/network/requestQueue') as new (options: object) => RealQueue

    const createQueue = (): RealQueue =>
      new RequestQueue({
        maxInFlightRequests: null,
        requestTimeout: 1000,
        enforceRequestTimeout: false,
        clientId: 'test',
        broker: 'test:1',
        logger: { debug: () => undefined, warn: () => undefined },
      })

    it('an idle queue has no timer', () => {
      expect(patchIdlePoll(refuse)).toBe(true)
      const queue = createQueue()
      queue.checkPendingRequests()
      expect(queue.throttleCheckTimeoutId).toBeNull()
    })

    it('a request held back by the broker is sent when its time has come', async () => {
      patchIdlePoll(refuse)
      const queue = createQueue()
      queue.maybeThrottle(5)
      await new Promise<void>((resolve) => {
        queue.push({
          entry: { correlationId: 1, resolve: () => undefined, reject: () => undefined },
          expectResponse: true,
          sendRequest: resolve,
        })
        expect(queue.pending).toHaveLength(1)
      })
      expect(queue.pending).toHaveLength(0)
      expect(queue.throttleCheckTimeoutId).toBeNull()
      queue.destroy()
    })
  })
})
