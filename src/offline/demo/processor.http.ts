import { createServer } from 'node:http'
import { SluiceError } from '../../errors.ts'

/** A loopback port that nobody listens on just now. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = address !== null && typeof address === 'object' ? address.port : 0
      server.close(() => resolve(port))
    })
  })

const askTimeoutMs = 5_000

/** What `/health/ready` says: null when it is ready, else what is missing. */
const whatIsMissing = async (address: string): Promise<string | null> => {
  try {
    const response = await fetch(`${address}/health/ready`, { signal: AbortSignal.timeout(askTimeoutMs) })
    const text = await response.text()
    return response.ok ? null : text.trim()
  } catch {
    return 'its HTTP server does not answer'
  }
}

/** Resolves when the processor says that it is ready. @throws SluiceError STOPPED with what is missing still */
export const untilReady = async (
  address: string,
  options: {
    readonly timeoutMs: number
    readonly now: () => number
    readonly wait: (ms: number) => Promise<void>
  },
): Promise<void> => {
  const deadline = options.now() + options.timeoutMs
  for (;;) {
    const missing = await whatIsMissing(address)
    if (missing === null) return
    if (options.now() > deadline)
      throw new SluiceError('STOPPED', `the processor is not ready after ${options.timeoutMs} ms: ${missing}`)
    await options.wait(50)
  }
}

/** The text of `/metrics`. */
export const readMetrics = async (address: string): Promise<string> => {
  const response = await fetch(`${address}/metrics`, { signal: AbortSignal.timeout(askTimeoutMs) })
  return response.text()
}
