import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'

export type EchoServer = {
  readonly port: number
  /** All that clients sent, in the order of its arrival. */
  readonly heard: () => string
  readonly close: () => Promise<void>
}

/** Answers each piece with itself. */
export const startEcho = async (): Promise<EchoServer> => {
  const open = new Set<Socket>()
  let heard = ''
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket)
    socket.on('data', (bytes) => (heard += String(bytes)))
    socket.once('error', () => undefined)
    socket.once('close', () => open.delete(socket))
    socket.pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    heard: () => heard,
    close: async () => {
      server.close()
      for (const socket of open) socket.destroy()
      await once(server, 'close')
    },
  }
}
