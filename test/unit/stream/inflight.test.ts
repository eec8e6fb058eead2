import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createInflight, patchInflight } from '../../../src/stream/inflight.kafka.ts'

const refuse = (message: string): never => {
  throw new Error(message)
}

describe('createInflight', () => {
  it('is a map of what was set and not deleted', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('set'), id: fc.nat(20) }),
      fc.record({ kind: fc.constant('delete'), id: fc.nat(20) }),
      fc.record({ kind: fc.constant('clear'), id: fc.constant(0) }),
    )
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const inflight = createInflight<string>()
        const map = new Map<number, string>()
        for (const { kind, id } of steps) {
          if (kind === 'set' && !map.has(id)) {
            inflight.set(id, `request ${id}`)
            map.set(id, `request ${id}`)
          }
          if (kind === 'delete') expect(inflight.delete(id)).toBe(map.delete(id))
          if (kind === 'clear') {
            inflight.clear()
            map.clear()
          }
          expect(inflight.size).toBe(map.size)
          expect([...inflight.values()].toSorted()).toEqual([...map.values()].toSorted())
          for (let each = 0; each <= 20; each++) {
            expect(inflight.get(each)).toBe(map.get(each))
            expect(inflight.has(each)).toBe(map.has(each))
          }
        }
      }),
    )
  })

  it('visits each request once, though those that are visited go', () => {
    const inflight = createInflight<number>()
    for (const id of [1, 2, 3]) inflight.set(id, id)
    const visited: number[] = []
    inflight.forEach((id) => {
      visited.push(id)
      inflight.delete(id)
    })
    expect(visited).toEqual([1, 2, 3])
    expect(inflight.size).toBe(0)
  })
})

describe('patchInflight', () => {
  it('leaves another version alone, with a warning', () => {
    const warnings: string[] = []
    const prototype = {}
    expect(patchInflight((message) => warnings.push(message), { version: '2.3.0', prototype })).toBe(false)
    expect(warnings).toEqual([expect.stringContaining('kafkajs 2.3.0')])
    expect(Object.hasOwn(prototype, 'inflight')).toBe(false)
  })

  it('answers and rejects what is under way in the kafkajs that is installed', () => {
    expect(patchInflight(refuse)).toBe(true)
    expect(patchInflight(refuse)).toBe(true)
    type Queue = {
      readonly inflight: unknown
      push(request: object): void
      fulfillRequest(response: object): void
      rejectAll(error: Error): void
    }
    const require = createRequire(import.meta.url)
    const RequestQueue = require('kafkajs/src/network/requestQueue') as new (options: object) => Queue
    const queue = new RequestQueue({
      maxInFlightRequests: null,
      requestTimeout: 1000,
      enforceRequestTimeout: false,
      clientId: 'test',
      broker: 'test:1',
      logger: { debug: () => undefined, warn: () => undefined },
    })
    const answered: unknown[] = []
    const rejected: unknown[] = []
    for (const correlationId of [1, 2, 3])
      queue.push({
        entry: {
          correlationId,
          resolve: ({ payload }: { readonly payload: unknown }) => answered.push(payload),
          reject: (error: unknown) => rejected.push(error),
        },
        expectResponse: true,
        sendRequest: () => undefined,
      })
    expect(queue.inflight).not.toBeInstanceOf(Map)
    queue.fulfillRequest({ correlationId: 2, payload: 'two', size: 3 })
    const gone = new Error('the connection is gone')
    queue.rejectAll(gone)
    expect(answered).toEqual(['two'])
    expect(rejected).toEqual([gone, gone])
  })
})
