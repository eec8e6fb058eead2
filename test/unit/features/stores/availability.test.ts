import type { Redis } from 'ioredis'
import { afterEach, expect, test } from 'vitest'
import {
  createAvailability,
  type Availability,
  type AvailabilityEvent,
} from '../../../../src/features/availability.redis.ts'
import { untilTrue } from '../../../support/until.ts'

let opened: Availability | undefined
afterEach(() => opened?.close())

const open = (commandTimeoutMs = 5) => {
  const events: AvailabilityEvent[] = []
  const asked: { readonly answer: () => void; readonly refuse: (reason: string) => void }[] = []
  const callBuffer = () =>
    new Promise((resolve, reject) =>
      asked.push({ answer: () => resolve(0), refuse: (reason) => reject(new Error(reason)) }),
    )
  const redis = { status: 'ready', callBuffer } as unknown as Redis
  opened = createAvailability({
    redis,
    commandTimeoutMs,
    probeEveryMs: 1,
    onEvent: (event) => events.push(event),
  })
  /** Resolves when Redis was asked for the n-th time whether it takes writes. */
  const question = async (n: number) => {
    await untilTrue(() => asked.length >= n)
    return asked[n - 1] ?? expect.fail('it was not asked')
  }
  return { ...opened, events, asked, question }
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

test('it is back once it takes writes in time, and is asked one question at a time until then', async () => {
  const { attempt, isAway, events, asked, question } = open(60_000)
  await attempt(fails)
  ;(await question(1)).refuse("OOM command not allowed when used memory > 'maxmemory'.")
  ;(await question(2)).refuse('READONLY You can not run script with write flag on readonly replica.')
  const third = await question(3)
  expect([isAway(), asked.length]).toEqual([true, 3])
  third.answer()
  await untilTrue(() => !isAway())
  expect(events).toEqual(['error', 'away', 'back'])
  expect(await attempt(answers)).toEqual({ answered: true, value: 'yes' })
})

test('an answer that took longer than a call may is none', async () => {
  const { attempt, isAway, events, question } = open(5)
  await attempt(fails)
  const first = await question(1)
  await new Promise((resolve) => setTimeout(resolve, 50))
  first.answer()
  await question(2)
  expect(isAway()).toBe(true)
  expect(events).toEqual(['error', 'away'])
})
