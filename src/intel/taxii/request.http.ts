import { SluiceError } from '../../errors.ts'
import { backOffMs } from './backOff.ts'

export type TaxiiRequestDeps = {
  /** `Basic ...` or `Bearer ...`; null: none is sent. */
  readonly authorization: string | null
  /** A longer answer is not read to its end. */
  readonly bytesMax: number
  readonly timeoutMs: number
  /** How often one request is tried again. */
  readonly retries: number
  readonly rest: (ms: number) => Promise<void>
  readonly now: () => number
  /** Told before each rest. */
  readonly onRetry: (problem: string, restMs: number) => void
}

export type TaxiiAnswer = { readonly body: unknown; readonly addedLast: string | null }

/** Asks one resource of a TAXII server. @throws SluiceError TAXII_FAILED when it gives up */
export type TaxiiRequest = (url: URL) => Promise<TaxiiAnswer>

const mediaType = 'application/taxii+json;version=2.1'
const mayRecover = (status: number): boolean => status === 429 || status === 408 || status >= 500

type Failure = { readonly problem: string; readonly retryAfter: string | null; readonly mayRecover: boolean }

const bodyOf = async (response: Response, bytesMax: number): Promise<string | Failure> => {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += piece.byteLength
    if (length > bytesMax)
      return { problem: `answered with more than ${bytesMax} bytes`, retryAfter: null, mayRecover: false }
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

/** A server that tells only the first time has us read some objects again, and miss none. */
const addedIn = (headers: Headers): string | null =>
  headers.get('x-taxii-date-added-last') ?? headers.get('x-taxii-date-added-first')

const ask = async (url: URL, deps: TaxiiRequestDeps): Promise<TaxiiAnswer | Failure> => {
  const response = await fetch(url, {
    headers: {
      accept: mediaType,
      ...(deps.authorization === null ? {} : { authorization: deps.authorization }),
    },
    // Credentials are for this server alone.
    redirect: 'error',
    signal: AbortSignal.timeout(deps.timeoutMs),
  })
  if (!response.ok) {
    await response.body?.cancel()
    const { status, headers } = response
    return {
      problem: `answered ${status}`,
      retryAfter: headers.get('retry-after'),
      mayRecover: mayRecover(status),
    }
  }
  const type = response.headers.get('content-type') ?? ''
  if (!/^application\/(taxii\+)?json\b/i.test(type)) {
    await response.body?.cancel()
    return { problem: 'answered with something other than TAXII', retryAfter: null, mayRecover: false }
  }
  const text = await bodyOf(response, deps.bytesMax)
  if (typeof text !== 'string') return text
  try {
    return { body: JSON.parse(text), addedLast: addedIn(response.headers) }
  } catch {
    return { problem: 'answered with broken JSON', retryAfter: null, mayRecover: true }
  }
}

/** What fetch says of a connection that failed: its cause says why. */
const unreachable = (error: unknown): Failure => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return {
    problem: cause instanceof Error ? cause.message : String(cause),
    retryAfter: null,
    mayRecover: true,
  }
}

/** GET with rests between the tries, as the server asks for them. */
export const createTaxiiRequest =
  (deps: TaxiiRequestDeps): TaxiiRequest =>
  async (url) => {
    for (let failures = 1; ; failures++) {
      const answer = await ask(url, deps).catch(unreachable)
      if (!('problem' in answer)) return answer
      const told = `${url.origin}${url.pathname} ${answer.problem}`
      if (!answer.mayRecover || failures > deps.retries)
        throw new SluiceError('TAXII_FAILED', `TAXII: ${told}`, { retriable: answer.mayRecover })
      const restMs = backOffMs(failures, answer.retryAfter, deps.now())
      deps.onRetry(told, restMs)
      await deps.rest(restMs)
    }
  }
