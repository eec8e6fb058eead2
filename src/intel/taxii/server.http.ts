import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createResources, type ResourcesDeps } from './resources.ts'

export type TaxiiServer = {
  /** The port that was taken, where 0 was asked for. */
  readonly port: number
  readonly close: () => Promise<void>
}

export type TaxiiServerDeps = ResourcesDeps & {
  readonly warn: (message: string, error: unknown) => void
}

const closeWithinMs = 1_000

/** TLS ends before this server, at a proxy, which says so. */
const originOf = ({ headers }: IncomingMessage): string =>
  `${headers['x-forwarded-proto'] === 'https' ? 'https' : 'http'}://${headers.host ?? 'localhost'}`

/**
 * A read-only TAXII 2.1 server. Rejects with the system's error where the address cannot be taken.
 */
export const startTaxii = async (
  deps: TaxiiServerDeps,
  address: { readonly host: string; readonly port: number },
): Promise<TaxiiServer> => {
  const answer = createResources(deps)
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    // No resource reads a body, so what comes is thrown away.
    request.resume()
    const { method = 'GET', url = '/', headers } = request
    const { authorization, accept } = headers
    const {
      status,
      headers: own,
      body,
    } = answer({ method, url, authorization, accept, origin: originOf(request) })
    response.writeHead(status, {
      ...own,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    response.end(method === 'HEAD' ? undefined : body)
  }
  const server = createServer(
    { maxHeaderSize: 16_384, headersTimeout: 5_000, requestTimeout: 10_000, keepAliveTimeout: 5_000 },
    (request, response) => {
      try {
        handle(request, response)
      } catch (error) {
        deps.warn('a TAXII request could not be answered', error)
        response.destroy()
      }
    },
  )
  server.maxConnections = 100
  server.maxRequestsPerSocket = 1_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(address.port, address.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  server.on('error', (error) => deps.warn('the TAXII server failed', error))
  const taken = server.address()
  return {
    port: taken !== null && typeof taken === 'object' ? taken.port : address.port,
    close: () =>
      new Promise<void>((resolve) => {
        const insist = setTimeout(() => server.closeAllConnections(), closeWithinMs)
        server.close(() => {
          clearTimeout(insist)
          resolve()
        })
      }),
  }
}
