// npm run bench:notices: what notices cost a stopped payment, and an allowed one that is remembered for later ones.
import { connectBench, startOwnRedis } from '../ownRedis.redis.ts'
import { measureNotices } from './notices.redis.ts'

const servers = await startOwnRedis()
const redis = await connectBench(servers.redisUrl, 'notices')
try {
  // 10 of 64 are stopped; at 1,000/s a commit gathers 200 payments.
  const figures = await measureNotices(redis, { rounds: 200, stopped: 10, allowed: 200 })
  process.stdout.write(`${JSON.stringify(figures)}\n`)
} finally {
  redis.disconnect()
  await servers.close()
}
