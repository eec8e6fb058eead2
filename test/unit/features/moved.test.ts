import { expect, test } from 'vitest'
import { isMoved } from '../../../src/features/moved.ts'

// As Redis 7.0 says it.
test.each([
  'MOVED 3999 127.0.0.1:6381',
  'ASK 3999 127.0.0.1:6381',
  'TRYAGAIN Multiple keys request during rehashing of slot',
  'ERR Script attempted to access a non local key in a cluster node script: 3d7b, on @user_script:31.',
])('%s', (message) => {
  expect(isMoved(new Error(message))).toBe(true)
})

test.each([
  'CLUSTERDOWN The cluster is down',
  'NOPERM this user has no permissions',
  'connect ECONNREFUSED 127.0.0.1:6379',
])('not %s', (message) => {
  expect(isMoved(new Error(message))).toBe(false)
})
