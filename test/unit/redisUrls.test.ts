import { describe, expect, test } from 'vitest'
import { redisUrlAt, redisUrlsOf } from '../../src/redisUrls.ts'

describe('redisUrlsOf', () => {
  test.each([
    ['redis://127.0.0.1:6379', ['redis://127.0.0.1:6379']],
    ['redis://redis', ['redis://redis']],
    ['rediss://u:p%40ss@one:1,two:2', ['rediss://u:p%40ss@one:1', 'rediss://u:p%40ss@two:2']],
    ['redis://u:p,q@one:1, two:2/0', ['redis://u:p,q@one:1/0', 'redis://u:p,q@two:2/0']],
    ['redis://[::1]:1,[::1]:2', ['redis://[::1]:1', 'redis://[::1]:2']],
  ])('%s', (text, urls) => {
    expect(redisUrlsOf(text)).toEqual(urls)
  })

  test.each(['http://one:1', 'one:1,two:2', 'redis://', 'redis://one:1,', 'redis://one:1,two:port'])(
    '%s names none',
    (text) => {
      expect(redisUrlsOf(text)).toBeNull()
    },
  )
})

describe('redisUrlAt', () => {
  test('keeps scheme, user, password and database, whatever the host is called', () => {
    expect(redisUrlAt('rediss://redis:redis@redis/2', 'one:1')).toBe('rediss://redis:redis@one:1/2')
    expect(redisUrlAt('redis://redis', '[::1]:7')).toBe('redis://[::1]:7')
  })
})
