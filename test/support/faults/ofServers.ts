import type { ServerName, Servers } from '../servers.ts'
import type { Fault } from './fault.ts'

/** What the process of a server can do. */
export const faultsOfServer = (servers: Servers, server: ServerName) => ({
  /** SIGSTOP: connections stay open and nothing answers. */
  paused: (): Fault => ({
    name: `${server} is paused`,
    begin: () => servers.pause(server),
    end: () => servers.resume(server),
  }),
  stopped: (): Fault => ({
    name: `${server} is stopped`,
    begin: () => servers.stop(server),
    end: () => servers.start(server),
  }),
  killed: (): Fault => ({
    name: `${server} is killed`,
    begin: () => servers.kill(server),
    end: () => servers.start(server),
  }),
})
