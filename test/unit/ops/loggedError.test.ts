import { describe, expect, it } from 'vitest'
import { createLog } from '../../../src/ops/log.ts'
import { loggedError } from '../../../src/ops/loggedError.ts'

const canary = 'canary-3f9a'
const ofRedis = (): Error =>
  Object.assign(new Error('WRONGPASS invalid username-password pair'), {
    code: 'WRONGPASS',
    command: { name: 'hello', args: ['3', 'AUTH', 'sluice', canary] },
    lastNodeError: { args: [canary] },
  })

describe('an error in the log', () => {
  it('says what it is, and not the command that failed, whose arguments may be a password', () => {
    const shown = loggedError(new Error('the call failed', { cause: ofRedis() }))
    expect(shown).toMatchObject({
      type: 'Error',
      message: 'the call failed',
      cause: { code: 'WRONGPASS', message: 'WRONGPASS invalid username-password pair' },
    })
    expect(JSON.stringify(shown)).not.toContain(canary)
  })

  it('does so in the log itself', () => {
    const lines: string[] = []
    const log = createLog(
      { level: 'debug', instance: 'i', version: '1' },
      { write: (line) => void lines.push(line) },
    )
    log.error({ error: ofRedis() }, 'the Redis connection failed')
    expect(lines.join('')).toContain('WRONGPASS')
    expect(lines.join('')).not.toContain(canary)
  })

  it('ends where causes form a ring', () => {
    const [one, other] = [new Error('one'), new Error('other')]
    one.cause = other
    other.cause = one
    expect(() => JSON.stringify(loggedError(one))).not.toThrow()
  })

  it('leaves alone what is no error', () => expect(loggedError('text')).toBe('text'))
})
