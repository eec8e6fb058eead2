import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { within } from '../../src/within.ts'

const stall = (ms: number): void => {
  const end = performance.now() + ms
  while (performance.now() < end);
}

describe('a promise with a time-out', () => {
  it('gives the value, the error, or that it is late', async () => {
    expect(await within(Promise.resolve('value'), 1_000)).toBe('value')
    await expect(within(Promise.reject(new Error('away')), 1_000)).rejects.toThrow('away')
    expect(await within(new Promise(() => undefined), 1)).toBe('late')
  })

  it('does not blame the other side for a stall of our own', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const accepted = once(server, 'connection')
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
    const [peer] = (await accepted) as [Socket]
    const reply = within(
      once(client, 'data').then(([bytes]) => String(bytes)),
      20,
    )
    peer.write('in time')
    stall(60)
    expect(await reply).toBe('in time')
    client.destroy()
    server.close()
  })
})
