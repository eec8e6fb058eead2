import { createServer, connect } from 'node:net'

/** Loopback ports that nobody listens on; all are held open until all are known, so they differ. */
export const freePorts = async (count) => {
  const held = await Promise.all(Array.from({ length: count }, listenAnywhere))
  const ports = held.map((server) => server.address().port)
  await Promise.all(held.map((server) => new Promise((done) => server.close(done))))
  return ports
}

const listenAnywhere = () =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve(server))
  })

/**
 * Sends `request` and gives whether the first bytes of the reply satisfy `isAnswer`; false on any failure.
 * @param open opens the connection, where it is to be more than plain TCP
 */
export const asks = (
  port,
  request,
  isAnswer,
  { timeoutMs = 1_000, open = () => connect({ port, host: '127.0.0.1' }) } = {},
) =>
  new Promise((resolve) => {
    const socket = open()
    let reply = Buffer.alloc(0)
    const settle = (answered) => {
      socket.destroy()
      resolve(answered)
    }
    socket.setTimeout(timeoutMs, () => settle(false))
    socket.on('error', () => settle(false))
    socket.on('close', () => settle(false))
    socket.on('connect', () => socket.write(request))
    socket.on('data', (bytes) => {
      reply = Buffer.concat([reply, bytes])
      const answer = isAnswer(reply)
      if (answer !== undefined) settle(answer)
    })
  })
