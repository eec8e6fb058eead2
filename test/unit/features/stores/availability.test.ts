import type { Redis } from 'ioredis'
import { afterEach, expect, test } from 'vitest'
import {
  createAvailability,
  type Availability,
  type AvailabilityEvent,
} from '../../../../src/features/availability.redis.ts'

let opened: Availability | undefined
afterEach(() => opened?.close())

const open = () => {
  const events: AvailabilityEvent[] = []
  const redis = { status: 'ready', ping: () => new Promise(() => undefined) } as unknown as Redis
  opened = createAvailability({ redis, commandTimeoutMs: 5, onEvent: (event) => events.push(event) })
  return { ...opened, events }
}

const fails = (): Promise<never> => Promise.reject(new Error('OOM'))
const hangs = (): Promise<never> => new Promise(() => undefined)
const answers = (): Promise<string> => Promise.resolve('yes')
const refused = { answered: false }

test.each([
  ['fails', fails, 'error'],
  ['takes too long', hangs, 'timeout'],
] as const)('a call for payments that %s makes Redis known to be away', async (_how, call, event) => {
  const { attempt, isAway, events } = open()
  expect(await attempt(call)).toEqual(refused)
  expect(isAway()).toBe(true)
  expect(events).toEqual([event, 'away'])
  expect(await attempt(answers)).toEqual(refused)
})

test.each([
  ['fails', fails, 'error'],
  ['takes too long', hangs, 'timeout'],
] as const)('a call beside the payments that %s does not', async (_how, call, event) => {
  const { attempt, attemptBeside, isAway, events } = open()
  expect(await attemptBeside(call)).toEqual(refused)
  expect(isAway()).toBe(false)
  expect(events).toEqual([event])
  expect(await attempt(answers)).toEqual({ answered: true, value: 'yes' })
})

test('nothing is sent beside the payments either while Redis is known to be away', async () => {
  const { attempt, attemptBeside } = open()
  await attempt(fails)
  let sent = false
  const call = (): Promise<void> => {
    sent = true
    return Promise.resolve()
  }
  expect(await attemptBeside(call)).toEqual(refused)
  expect(sent).toBe(false)
})
