import { aptInstall, isRoot, onPath } from './checks.mjs'
import { locked } from './install.mjs'
import { run } from './run.mjs'
import { step } from './say.mjs'
import { join } from 'node:path'

const missing = 'redis-server is not on the PATH'

/** redis-server on the PATH, from Debian when it is not there and we may. */
export const installRedis = async (cache) => {
  if (onPath('redis-server')) return
  if (!onPath('apt-get')) throw new Error(`${missing}: install Redis 7 or later`)
  if (!isRoot()) throw new Error(`${missing}: ${aptInstall('redis-server')}`)
  await locked(join(cache, 'redis'), async () => {
    if (onPath('redis-server')) return
    await step('Redis from Debian', async () => {
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
      const wait = ['-o', 'DPkg::Lock::Timeout=300']
      await run('apt-get', ['update'], { env })
      await run('apt-get', [...wait, 'install', '-y', '--no-install-recommends', 'redis-server'], { env })
    })
    if (!onPath('redis-server')) throw new Error(`${missing} although its package is installed`)
  })
}
