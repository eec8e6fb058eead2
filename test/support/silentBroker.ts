import { createServer, type AddressInfo, type Socket } from 'node:net'

/** Something that takes connections as a broker does, tells which requests it knows, and leaves all others unanswered. */
export type SilentBroker = {
  readonly port: number
  /** The keys of the requests that came, in their order. */
  readonly asked: readonly number[]
  /** Connections that are open now. */
  readonly connections: () => number
  /** From now on it answers nothing at all. */
  readonly hang: () => void
  readonly close: () => Promise<void>
}

const apiVersionsKey = 18
/** Of all requests that kafkajs 2.2.4 makes, it knows the first versions. */
const known = Array.from({ length: 47 }, (_, key) => key)
/** Below them kafkajs has no OffsetFetch and no InitProducerId that fits. */
const newestVersion = 1

/** ApiVersions, version 2: no error, the keys with their versions, no throttling. */
const knownRequests = (correlationId: number): Buffer => {
  const body = Buffer.alloc(4 + 2 + 4 + 6 * known.length + 4)
  body.writeInt32BE(correlationId, 0)
  body.writeInt32BE(known.length, 6)
  for (const [i, key] of known.entries()) {
    body.writeInt16BE(key, 10 + 6 * i)
    body.writeInt16BE(newestVersion, 14 + 6 * i)
  }
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length)
  return Buffer.concat([length, body])
}

export const startSilentBroker = async (): Promise<SilentBroker> => {
  const sockets = new Set<Socket>()
  const asked: number[] = []
  let hangs = false
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.once('error', () => undefined)
    // A test sends small requests, one at a time: each comes in one piece.
    socket.on('data', (request) => {
      const key = request.readInt16BE(4)
      asked.push(key)
      if (key === apiVersionsKey && !hangs) socket.write(knownRequests(request.readInt32BE(8)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    connections: () => sockets.size,
    hang: () => {
      hangs = true
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
