import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEcho, type EchoServer } from '../../../support/proxy/echo.ts'
import { startProxy, type Proxy } from '../../../support/proxy/proxy.ts'
import { untilTrue } from '../../../support/until.ts'

type Client = {
  readonly socket: Socket
  readonly got: () => string
  readonly closed: () => string | null
}

let echo: EchoServer
let proxy: Proxy
const clients: Socket[] = []

const join = (): Client => {
  const socket = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true })
  clients.push(socket)
  let got = ''
  let closed: string | null = null
  socket.on('data', (bytes) => (got += String(bytes)))
  socket.on('error', (error: NodeJS.ErrnoException) => (closed = error.code ?? 'error'))
  socket.on('close', () => (closed ??= 'closed'))
  return { socket, got: () => got, closed: () => closed }
}
const ask = async ({ socket, got }: Client, text: string): Promise<void> => {
  const wanted = got() + text
  socket.write(text)
  await untilTrue(() => got() === wanted)
}

beforeEach(async () => {
  echo = await startEcho()
  proxy = await startProxy({ host: '127.0.0.1', port: echo.port })
})
afterEach(async () => {
  for (const socket of clients.splice(0)) socket.destroy()
  await proxy.close()
  await echo.close()
})

describe('a proxy', () => {
  it('hands on what each side says, and that one of them has no more to say', async () => {
    const client = join()
    await ask(client, 'one')
    client.socket.end('two')
    await untilTrue(() => client.closed() !== null)
    expect(client.got()).toBe('onetwo')
  })

  it('with latency and jitter hands everything on later, in its order', async () => {
    const client = join()
    proxy.poison({ latencyMs: 30, jitterMs: 20 }, ['up'])
    proxy.poison({ latencyMs: 50 }, ['down'])
    const sentAt = performance.now()
    const words = Array.from({ length: 40 }, (_, i) => `${i},`)
    for (const word of words) {
      client.socket.write(word)
      await delay(1)
    }
    await untilTrue(() => client.got().length > 0)
    expect(performance.now() - sentAt).toBeGreaterThanOrEqual(79)
    await untilTrue(() => client.got() === words.join(''))
  })

  it('does not add up the latency of what is under way at the same time', async () => {
    const client = join()
    proxy.poison({ latencyMs: 400 }, ['up'])
    for (let i = 0; i < 50; i++) {
      client.socket.write('x')
      await delay(2)
    }
    const sentAt = performance.now()
    await untilTrue(() => client.got().length === 50)
    // One after another they would take 20 s.
    expect(performance.now() - sentAt).toBeLessThan(10_000)
  })

  it('with a narrow line takes as long as the line takes', async () => {
    const client = join()
    proxy.poison({ bytesPerSecond: 20_000 }, ['down'])
    const sentAt = performance.now()
    await ask(client, 'x'.repeat(6_000))
    expect(performance.now() - sentAt).toBeGreaterThanOrEqual(299)
  })

  it('half-open to the server: nothing arrives there, and the connection stays', async () => {
    const client = join()
    await ask(client, 'one')
    proxy.poison({ swallows: true }, ['up'])
    client.socket.write('two')
    const other = join()
    other.socket.write('three')
    await delay(50)
    expect([echo.heard(), client.got(), client.closed(), other.closed()]).toEqual(['one', 'one', null, null])
  })

  it('half-open to the client: the server has heard it', async () => {
    const client = join()
    proxy.poison({ swallows: true }, ['down'])
    client.socket.write('one')
    await untilTrue(() => echo.heard() === 'one')
    await delay(50)
    expect([client.got(), client.closed()]).toEqual(['', null])
  })

  it('when it is healed resets what lost bytes, and nothing else', async () => {
    const silent = join()
    const holed = join()
    await ask(silent, 'one')
    proxy.poison({ swallows: true }, ['up'])
    holed.socket.write('two')
    await delay(50)
    proxy.heal()
    await untilTrue(() => holed.closed() !== null)
    expect(holed.closed()).toBe('ECONNRESET')
    await ask(silent, 'three')
  })

  it('resets all connections at once', async () => {
    const client = join()
    await ask(client, 'one')
    proxy.cut()
    await untilTrue(() => client.closed() !== null)
    expect(client.closed()).toBe('ECONNRESET')
    await ask(join(), 'two')
  })

  it('resets them at the n-th answer, when the server has done what was asked', async () => {
    const client = join()
    proxy.cutAtAnswer(3)
    await ask(client, 'one')
    await ask(client, 'two')
    client.socket.write('three')
    await untilTrue(() => client.closed() !== null)
    expect([client.closed(), client.got(), echo.heard()]).toEqual(['ECONNRESET', 'onetwo', 'onetwothree'])
    await ask(join(), 'four')
  })

  it('refuses, and accepts again', async () => {
    const client = join()
    await ask(client, 'one')
    proxy.refuse(true)
    await untilTrue(() => client.closed() !== null)
    const refused = join()
    await untilTrue(() => refused.closed() !== null)
    expect(refused.closed()).toBe('ECONNRESET')
    proxy.refuse(false)
    await ask(join(), 'two')
  })

  it('holds little: who sends to one who does not read must wait', async () => {
    const deaf = createServer((socket) => {
      clients.push(socket)
      socket.pause()
    })
    deaf.listen(0, '127.0.0.1')
    await once(deaf, 'listening')
    const before = await startProxy({ host: '127.0.0.1', port: (deaf.address() as AddressInfo).port })
    const socket = connect(before.port, '127.0.0.1')
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    const piece = Buffer.alloc(65_536)
    const atMost = 512
    let taken = 0
    const write = (): void => {
      for (; taken < atMost; taken++) if (!socket.write(piece)) return
    }
    socket.on('drain', write)
    write()
    let last = -1
    // Until it stands still; with a proxy that holds everything all of it is taken.
    for (; taken !== last && taken < atMost; await delay(200)) last = taken
    expect(taken).toBeLessThan(atMost)
    socket.destroy()
    await before.close()
    deaf.close()
  })
})
