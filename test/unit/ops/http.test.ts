import { request } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { startHttp, type HttpDeps, type HttpServer } from '../../../src/ops/http.http.ts'

const started: HttpServer[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.close()))
})

const start = async (changes: Partial<HttpDeps> = {}): Promise<HttpServer> => {
  const deps: HttpDeps = {
    exposition: { contentType: 'text/plain; version=0.0.4', render: async () => 'sluice_redis_up 1\n' },
    readiness: () => ({ model: null, kafka: null, redis: null }),
    details: () => ({ bundle: { problem: null } }),
    version: () => ({ version: '1.2.3', bundle: 'abc' }),
    token: null,
    warn: (message) => {
      throw new Error(message)
    },
    ...changes,
  }
  const server = await startHttp(deps, { host: '127.0.0.1', port: 0 })
  started.push(server)
  return server
}

const get = ({ port }: HttpServer, path: string, init?: RequestInit) =>
  fetch(`http://127.0.0.1:${port}${path}`, init)

describe('the HTTP server', () => {
  it('gives the metrics', async () => {
    const response = await get(await start(), '/metrics')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4')
    expect(await response.text()).toBe('sluice_redis_up 1\n')
  })

  it('is ready when nothing is missing', async () => {
    const response = await get(await start(), '/health/ready')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ ready: true, missing: {} })
  })

  it('says what is missing, and follows it', async () => {
    let kafka: string | null = 'not connected'
    const server = await start({ readiness: () => ({ model: 'not warm', kafka, redis: null }) })
    const response = await get(server, '/health/ready')
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({
      ready: false,
      missing: { model: 'not warm', kafka: 'not connected' },
    })
    kafka = null
    expect(await (await get(server, '/health/ready')).json()).toMatchObject({
      missing: { model: 'not warm' },
    })
  })

  it('tells in /health how it stands besides, ready or not', async () => {
    const ready = await get(await start(), '/health')
    expect(ready.status).toBe(200)
    expect(await ready.json()).toEqual({ ready: true, missing: {}, details: { bundle: { problem: null } } })
    const waiting = await get(await start({ readiness: () => ({ model: 'not warm' }) }), '/health')
    expect(waiting.status).toBe(503)
    expect(await waiting.json()).toMatchObject({ details: { bundle: { problem: null } } })
  })

  it('lives and has a version while it is not ready', async () => {
    const server = await start({ readiness: () => ({ model: 'not warm' }) })
    expect(await (await get(server, '/health/live')).json()).toEqual({ live: true })
    expect(await (await get(server, '/version?x=1')).json()).toEqual({ version: '1.2.3', bundle: 'abc' })
  })

  it.each(['/', '/metrics/', '/health/', '/../metrics%00', '//metrics'])('does not know %s', async (path) => {
    const server = await start()
    const status = await new Promise((resolve, reject) => {
      request({ host: server.host, port: server.port, path }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect(status).toBe(404)
  })

  it('answers HEAD without a body and refuses what would change something', async () => {
    const server = await start()
    const head = await get(server, '/metrics', { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '18', ''])
    const post = await get(server, '/metrics', { method: 'POST', body: 'x'.repeat(100_000) })
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  it('answers 500 and warns when something cannot be told', async () => {
    const warnings: string[] = []
    const server = await start({
      exposition: { contentType: 'text/plain', render: () => Promise.reject(new Error('broken inside')) },
      readiness: () => {
        throw new Error('broken too')
      },
      warn: (message) => warnings.push(message),
    })
    for (const path of ['/metrics', '/health/ready']) {
      const response = await get(server, path)
      expect(response.status).toBe(500)
      expect(await response.text()).not.toContain('broken')
    }
    expect(warnings).toEqual(['/metrics could not be answered', '/health/ready could not be answered'])
  })

  it('outlives bytes that are no HTTP', async () => {
    const server = await start()
    await new Promise<void>((resolve, reject) => {
      const socket = connect(server.port, server.host, () => socket.write('\u0000\u0001 nonsense\r\n\r\n'))
      socket.resume().on('close', () => resolve())
      socket.on('error', reject)
    })
    expect((await get(server, '/health/live')).status).toBe(200)
  })

  it('rejects when its port is taken', async () => {
    const { port } = await start()
    const deps = { exposition: { contentType: '', render: async () => '' }, readiness: () => ({}) }
    await expect(
      startHttp(
        { ...deps, details: () => ({}), version: () => ({}), token: null, warn: () => undefined },
        { host: '127.0.0.1', port },
      ),
    ).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  it('closes although a client keeps its connection', async () => {
    const server = await start()
    await (await get(server, '/health/live')).text()
    await server.close()
    await expect(get(server, '/health/live')).rejects.toThrow()
  })

  it.each([
    ['has said nothing', ''],
    ['has said half of what it wants', 'GET /metrics HTTP/1.1\r\n'],
    ['never sends the body it announced', 'POST /metrics HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n'],
  ])(
    'closes although a client %s',
    async (_, said) => {
      const server = await start()
      const closed = new Promise<void>((resolve) => {
        const socket = connect(server.port, server.host, () => socket.write(said))
        socket.on('error', () => undefined)
        socket.resume().on('close', () => resolve())
      })
      await (await get(server, '/health/live')).text()
      await Promise.all([server.close(), closed])
    },
    5_000,
  )
})

describe('with a token', () => {
  const token = 'a-token-of-more-than-thirty-two-characters'
  const bearer = (text: string): RequestInit => ({ headers: { authorization: `Bearer ${text}` } })

  it.each(['/metrics', '/health', '/version'])('%s wants it', async (path) => {
    const server = await start({ token })
    expect((await get(server, path)).status).toBe(401)
    expect((await get(server, path, bearer(`${token}x`))).status).toBe(401)
    expect((await get(server, path, bearer(token))).status).toBe(200)
  })

  it('an orchestrator needs none, and learns of no detail', async () => {
    const server = await start({ token, readiness: () => ({ redis: 'does not answer: 10.0.0.7:6379' }) })
    expect((await get(server, '/health/live')).status).toBe(200)
    const ready = await get(server, '/health/ready')
    expect(ready.status).toBe(503)
    expect(await ready.json()).toEqual({ ready: false })
    expect(await (await get(server, '/health/ready', bearer(token))).json()).toMatchObject({
      missing: { redis: 'does not answer: 10.0.0.7:6379' },
    })
  })
})
