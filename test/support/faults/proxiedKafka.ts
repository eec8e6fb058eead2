import { startProxy, type Proxy } from '../proxy/proxy.ts'
import { startServers, type Servers } from '../servers.ts'

/** A Kafka of the test's own with two ways to it: straight, and through a proxy. */
export type ProxiedKafka = {
  readonly servers: Servers
  readonly proxy: Proxy
  /** `host:port` of the proxy; Kafka sends whoever comes that way through it again. */
  readonly throughProxy: string
  readonly close: () => Promise<void>
}

export const startProxiedKafka = async (): Promise<ProxiedKafka> => {
  // Each needs the other's port: nobody connects to the proxy before Kafka has told its own.
  const target = { host: '127.0.0.1', port: NaN }
  const proxy = await startProxy(target)
  const servers = await startServers({ only: 'kafka', behind: proxy.port })
  target.port = servers.behindPort
  return {
    servers,
    proxy,
    throughProxy: `127.0.0.1:${proxy.port}`,
    close: async () => {
      await proxy.close()
      await servers.close()
    },
  }
}
