import type { Proxy } from '../proxy/proxy.ts'
import type { Direction, Toxic } from '../proxy/toxic.ts'
import type { Fault } from './fault.ts'

const poisoned = (
  proxy: Proxy,
  name: string,
  toxic: Partial<Toxic>,
  directions?: readonly Direction[],
): Fault => ({
  name,
  begin: async () => proxy.poison(toxic, directions),
  end: async () => proxy.heal(),
})

/** What the line to a server, which goes through the proxy, can do. @param server for the names */
export const faultsOfLine = (server: string, proxy: Proxy) => ({
  /** Half of the latency on the way there and half on the way back. */
  slow: (latencyMs: number): Fault =>
    poisoned(proxy, `${server} is slow, ${latencyMs} ms`, {
      latencyMs: latencyMs / 2,
      jitterMs: latencyMs / 10,
    }),
  narrow: (bytesPerSecond: number): Fault =>
    poisoned(proxy, `the line to ${server} carries ${bytesPerSecond} bytes/s`, { bytesPerSecond }),
  /** What is asked arrives, answers do not. */
  deaf: (): Fault => poisoned(proxy, `answers of ${server} vanish`, { swallows: true }, ['down']),
  /** Nothing that is asked arrives. */
  mute: (): Fault => poisoned(proxy, `questions to ${server} vanish`, { swallows: true }, ['up']),
  reset: (): Fault => ({
    name: `connections to ${server} are reset`,
    begin: async () => proxy.cut(),
    end: async () => undefined,
  }),
  refused: (): Fault => ({
    name: `${server} refuses connections`,
    begin: async () => proxy.refuse(true),
    end: async () => proxy.refuse(false),
  }),
})
