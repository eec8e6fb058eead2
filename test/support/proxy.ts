import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A TCP proxy before one server. */
export type Proxy = {
  readonly port: number
  /** Resets every connection on both sides, in the middle of whatever is under way. */
  readonly cut: () => void
  /** Does so when the server next answers, instead of handing the answer on: what was asked for is done, unknown to who asked. */
  readonly cutAtNextAnswer: () => void
  readonly close: () => Promise<void>
}

export const startProxy = async (target: {
  readonly host: string
  readonly port: number
}): Promise<Proxy> => {
  const open = new Set<Socket>()
  let cutAtAnswer = false
  const cut = (): void => {
    cutAtAnswer = false
    for (const socket of open) socket.resetAndDestroy()
  }
  const server = createServer((client) => {
    const upstream = connect(target)
    const end = (): void => {
      client.destroy()
      upstream.destroy()
    }
    if (!server.listening) return end()
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.setNoDelay(true)
      socket.once('error', end)
      socket.once('close', () => {
        open.delete(socket)
        end()
      })
    }
    client.pipe(upstream)
    upstream.on('data', (bytes) => {
      if (cutAtAnswer) cut()
      else client.write(bytes)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    cutAtNextAnswer: () => {
      cutAtAnswer = true
    },
    close: async () => {
      server.close()
      cut()
      await once(server, 'close')
    },
  }
}
