import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sharedServers } from '../support/shared.ts'
import { untilTrue } from '../support/until.ts'
import { watchRun } from '../support/watched.ts'
import type { ProcessorEnvironment } from '../support/processor.ts'

/** Throws, once the process is ready to catch it, an error on which a library has hung its arguments. */
const crashing = `data:text/javascript,${encodeURIComponent(`
    import { readFileSync } from 'node:fs'
    const secret = readFileSync(process.env.SLUICE_REDIS_PASSWORD_FILE, 'utf8').trim()
    const timer = setInterval(() => {
      if (process.listenerCount('uncaughtException') === 0) return
      clearInterval(timer)
      throw Object.assign(new Error('planted'), { command: { args: ['AUTH', secret] } })
    }, 10)`)}`

const freePort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe('secrets', () => {
  let folder: string
  let environment: ProcessorEnvironment
  const canaries = {
    HASH_KEY: randomBytes(16).toString('hex'),
    FEEDBACK_KEY: randomBytes(32).toString('hex'),
    SHARING_KEY: randomBytes(32).toString('hex'),
    KAFKA_PASSWORD: randomBytes(18).toString('base64url'),
    REDIS_PASSWORD: randomBytes(18).toString('base64url'),
    HTTP_TOKEN: randomBytes(24).toString('hex'),
  }
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-secrets-'))
    const files = await Promise.all(
      Object.entries(canaries).map(async ([name, secret]) => {
        const file = join(folder, name)
        await writeFile(file, `${secret}\n`)
        return [`SLUICE_${name}_FILE`, file] as const
      }),
    )
    environment = {
      ...Object.fromEntries(files),
      SLUICE_KAFKA_BROKERS: '127.0.0.1:1',
      SLUICE_KAFKA_SASL_MECHANISM: 'scram-sha-512',
      SLUICE_KAFKA_SASL_USER: 'sluice',
      // This Redis has no passwords, and says so to the AUTH that holds ours.
      SLUICE_REDIS_URL: sharedServers().redisUrl.replace('redis://', 'redis://nobody@'),
      SLUICE_LOG_LEVEL: 'trace',
    }
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const leaked = (text: string): readonly string[] =>
    Object.entries(canaries)
      .filter(([, secret]) =>
        [secret, Buffer.from(secret).toString('base64')].some((each) => text.includes(each)),
      )
      .map(([name]) => name)

  it('are in no line of the log and no answer over HTTP while Redis refuses them', async () => {
    const port = await freePort()
    const watched = watchRun({ ...environment, SLUICE_HTTP_PORT: String(port) })
    try {
      await watched.untilSaid(/AUTH|WRONGPASS/)
      const url = (path: string): string => `http://127.0.0.1:${port}${path}`
      const headers = { authorization: `Bearer ${canaries.HTTP_TOKEN}` }
      await untilTrue(() =>
        fetch(url('/health/live')).then(
          ({ ok }) => ok,
          () => false,
        ),
      )
      const answers = await Promise.all(
        ['/metrics', '/health', '/version', '/health/ready'].map(async (path) =>
          (await fetch(url(path), { headers })).text(),
        ),
      )
      expect(leaked([...watched.lines, ...answers].join('\n'))).toEqual([])
    } finally {
      await watched.end()
    }
  })

  it('are not in what a crash leaves behind', async () => {
    const watched = watchRun({ ...environment, SLUICE_HTTP_PORT: '0' }, ['--import', crashing])
    try {
      const line = await watched.untilSaid(/planted/)
      expect(JSON.parse(line)).toMatchObject({ level: 'fatal', message: 'an error that nobody caught' })
      await untilTrue(watched.hasEnded)
      expect(leaked(watched.lines.join('\n'))).toEqual([])
    } finally {
      await watched.end()
    }
  })
})
