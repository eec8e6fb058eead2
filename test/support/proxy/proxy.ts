import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { runLane } from './lane.ts'
import { bothDirections, harmless, type Direction, type Toxic } from './toxic.ts'

/** A TCP proxy before one server. It holds little: a receiver that is slow slows its sender. */
export type Proxy = {
  readonly port: number
  /** From now on, on all connections, also those to come, in place of what was poisoned before in these directions. */
  readonly poison: (toxic: Partial<Toxic>, directions?: readonly Direction[]) => void
  /** Ends all that is poisoned. Connections that lost bytes are reset: no network mends a stream with a hole in it. */
  readonly heal: () => void
  /** Resets every connection on both sides, in the middle of whatever is under way. */
  readonly cut: () => void
  /** Does so when the server answers for the n-th time, instead of handing that on: what was asked for is done, unknown to who asked. */
  readonly cutAtAnswer: (n: number) => void
  /** Resets what is open, and each new connection at once, until told otherwise. */
  readonly refuse: (refusing: boolean) => void
  readonly close: () => Promise<void>
}

export const startProxy = async (target: {
  readonly host: string
  readonly port: number
}): Promise<Proxy> => {
  const open = new Set<Socket>()
  const holed = new Set<Socket>()
  let toxics: Readonly<Record<Direction, Toxic>> = { up: harmless, down: harmless }
  let answersLeft = Infinity
  let refusing = false

  const reset = (sockets: Iterable<Socket>): void => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  const cut = (): void => {
    answersLeft = Infinity
    reset(open)
  }
  const answerMayPass = (): boolean => {
    answersLeft -= 1
    if (answersLeft > 0) return true
    cut()
    return false
  }
  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (refusing || !server.listening) {
      client.resetAndDestroy()
      return
    }
    const upstream = connect({ ...target, allowHalfOpen: true })
    const ends = [client, upstream]
    const end = (): void => {
      for (const socket of ends) socket.destroy()
    }
    const onSwallowed = (): void => {
      for (const socket of ends) holed.add(socket)
    }
    for (const socket of ends) {
      open.add(socket)
      socket.setNoDelay(true)
      socket.once('error', end)
      socket.once('close', () => {
        open.delete(socket)
        holed.delete(socket)
        end()
      })
    }
    const lanes = [
      runLane({ from: client, to: upstream, toxic: () => toxics.up, onSwallowed, mayPass: () => true }),
      runLane({
        from: upstream,
        to: client,
        toxic: () => toxics.down,
        onSwallowed,
        mayPass: answerMayPass,
      }),
    ]
    Promise.all(lanes).then(end, end)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    poison: (toxic, directions = bothDirections) => {
      for (const direction of directions) toxics = { ...toxics, [direction]: { ...harmless, ...toxic } }
    },
    heal: () => {
      toxics = { up: harmless, down: harmless }
      reset(holed)
    },
    cut,
    cutAtAnswer: (n) => {
      answersLeft = n
    },
    refuse: (now) => {
      refusing = now
      if (now) cut()
    },
    close: async () => {
      server.close()
      cut()
      await once(server, 'close')
    },
  }
}
