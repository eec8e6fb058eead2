import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createBearer } from './bearer.ts'
import type { Exposition } from './metrics.ts'

/** What an instance needs before it may work; each part says what is missing, or null. */
export type Readiness = Readonly<Record<string, string | null>>

export type HttpDeps = {
  readonly exposition: Exposition
  /** For example `{ model: null, kafka: 'not connected', redis: null }`. */
  readonly readiness: () => Readiness
  /** What `/health` tells besides: how it stands with what an instance can work without. */
  readonly details: () => Readonly<Record<string, unknown>>
  /** What `/version` answers: versions and hashes, nothing secret. */
  readonly version: () => Readonly<Record<string, string>>
  /** What `authorization` must carry for all but `/health/live` and `/health/ready`; null: nobody is asked. */
  readonly token: string | null
  /** Told of what could not be answered. */
  readonly warn: (message: string, error: unknown) => void
}

export type HttpServer = {
  readonly host: string
  /** The port that was taken, where 0 was asked for. */
  readonly port: number
  /** Lets the answers in work finish, for a second: a client that says nothing more must not hold up who drains. */
  readonly close: () => Promise<void>
}

const closeWithinMs = 1_000

type Reply = { readonly status: number; readonly contentType: string; readonly body: string }

const json = (status: number, value: unknown): Reply => ({
  status,
  contentType: 'application/json; charset=utf-8',
  body: `${JSON.stringify(value)}\n`,
})

const missingOf = (readiness: Readiness): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(readiness).filter(([, reason]) => reason !== null))

const ready = (readiness: Readiness, others: Readonly<Record<string, unknown>> = {}): Reply => {
  const missing = missingOf(readiness)
  const isReady = Object.keys(missing).length === 0
  return json(isReady ? 200 : 503, { ready: isReady, missing, ...others })
}

const createRoutes = (deps: HttpDeps): ReadonlyMap<string, () => Reply | Promise<Reply>> =>
  new Map<string, () => Reply | Promise<Reply>>([
    [
      '/metrics',
      async () => ({
        status: 200,
        contentType: deps.exposition.contentType,
        body: await deps.exposition.render(),
      }),
    ],
    ['/health', () => ready(deps.readiness(), { details: deps.details() })],
    ['/health/live', () => json(200, { live: true })],
    ['/health/ready', () => ready(deps.readiness())],
    ['/version', () => json(200, deps.version())],
  ])

/** Whether it is ready is no secret, what is missing may be. */
const refused = (path: string, { readiness }: HttpDeps): Reply => {
  if (path !== '/health/ready') return json(401, { error: 'a bearer token is wanted' })
  const isReady = Object.keys(missingOf(readiness())).length === 0
  return json(isReady ? 200 : 503, { ready: isReady })
}

const send = (response: ServerResponse, reply: Reply, withBody: boolean, allow?: string): void => {
  response.writeHead(reply.status, {
    'content-type': reply.contentType,
    'content-length': Buffer.byteLength(reply.body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(allow === undefined ? {} : { allow }),
  })
  response.end(withBody ? reply.body : undefined)
}

/** What an orchestrator asks, which has no token and learns of no detail. */
const openPaths: ReadonlySet<string> = new Set(['/health/live'])

const createHandler = (deps: HttpDeps) => {
  const routes = createRoutes(deps)
  const carriesToken = deps.token === null ? () => true : createBearer(deps.token)
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '').split('?', 1)[0] ?? ''
    const withBody = request.method !== 'HEAD'
    const route = routes.get(path)
    if (route === undefined) return send(response, json(404, { error: 'not found' }), withBody)
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return send(response, json(405, { error: 'only GET and HEAD' }), true, 'GET, HEAD')
    if (!openPaths.has(path) && !carriesToken(request.headers.authorization))
      return send(response, refused(path, deps), withBody)
    try {
      send(response, await route(), withBody)
    } catch (error) {
      deps.warn(`${path} could not be answered`, error)
      send(response, json(500, { error: 'it could not be answered; the log says why' }), withBody)
    }
  }
}

/**
 * Serves `/metrics`, `/health`, `/health/live`, `/health/ready` and `/version`.
 * Rejects with the system's error where the address cannot be taken.
 */
export const startHttp = async (
  deps: HttpDeps,
  address: { readonly host: string; readonly port: number },
): Promise<HttpServer> => {
  const handle = createHandler(deps)
  const server = createServer(
    { maxHeaderSize: 8_192, headersTimeout: 5_000, requestTimeout: 10_000, keepAliveTimeout: 5_000 },
    (request, response) => {
      // No route reads a body, so what comes is thrown away.
      request.resume()
      void handle(request, response)
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
  server.on('error', (error) => deps.warn('the HTTP server failed', error))
  const taken = server.address()
  return {
    host: address.host,
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
