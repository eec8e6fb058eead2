import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A TCP proxy before one server. */
export type Proxy = {
  readonly port: number
  /** Resets every connection on both sides, in the middle of whatever is under way. */
  readonly cut: () => void
  readonly close: () => Promise<void>
}

export const startProxy = async (target: {
  readonly host: string
  readonly port: number
}): Promise<Proxy> => {
  const open = new Set<Socket>()
  const keep = (socket: Socket): void => {
    open.add(socket)
    socket.setNoDelay(true)
    socket.once('close', () => open.delete(socket))
  }
  const server = createServer((client) => {
    const upstream = connect(target)
    const end = (): void => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      keep(socket)
      socket.once('error', end)
      socket.once('close', end)
    }
    client.pipe(upstream)
    upstream.pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const cut = (): void => {
    for (const socket of open) socket.resetAndDestroy()
  }
  return {
    port,
    cut,
    close: async () => {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
