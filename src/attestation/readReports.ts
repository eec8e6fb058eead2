import type { DeviceHealth, DeviceReport, DocumentFormat } from '../domain/deviceHealth.ts'
import { looksLikePan } from '../domain/pan.ts'
import type { UsedOnce, UseReply } from '../domain/usedOnce.ts'
import { provingFormats, type KnownFormat } from './adapters.ts'
import { rejected, withDocument, withoutDocument } from './believe.ts'
import { flawed, isFlawed, type Adapter, type Flaw, type Flawed, type Opened } from './opened.ts'

/** A report with the record that brought it. */
export type Arrived = {
  readonly report: DeviceReport
  /** Names the record: the same again when it is delivered again. */
  readonly owner: string
  /** The record's time, epoch ms. */
  readonly arrivedAt: number
}

/** SELF_REPORTED: read, but nobody vouches for it. UNREADABLE: the same, but not to be read. */
export const documentResults = [
  'VERIFIED',
  'SELF_REPORTED',
  'EXPIRED',
  'FAILED',
  'REPLAYED',
  'UNREADABLE',
] as const
export type DocumentResult = (typeof documentResults)[number]

export type ReadDocument = {
  readonly format: DocumentFormat
  readonly result: DocumentResult
  /** Why, where it proves nothing. */
  readonly flaw: Flaw | null
}

export type ReadReport = {
  readonly health: DeviceHealth
  /** null: the report had none. */
  readonly document: ReadDocument | null
}

/** Rejects with REDIS_UNAVAILABLE (retriable), and then nothing was decided; one for each, in their order. */
export type ReadReports = (arrived: readonly Arrived[]) => Promise<readonly ReadReport[]>

export type ReadReportsDeps = {
  readonly adapters: Readonly<Record<KnownFormat, Adapter>>
  readonly usedOnce: UsedOnce
  /** How long what a document says holds. */
  readonly lifeMs: number
  /** An adapter has thrown, which none should. */
  readonly onUnexpected: (error: unknown, format: DocumentFormat) => void
}

type Tried = { readonly arrived: Arrived; readonly opened: Opened | Flawed | null }

/** What a token or an escape hid from the decoder of the report would stand in the device's state. */
const holdsPan = ({ osVersion, patchLevel, appVersion }: Opened): boolean =>
  [osVersion, patchLevel, appVersion].some((text) => text !== null && looksLikePan(text))

/** Opens each document, uses up what proves the good ones, and says what of each report can be believed. */
export const createReadReports = (deps: ReadReportsDeps): ReadReports => {
  const open = async ({ report, arrivedAt }: Arrived): Promise<Opened | Flawed | null> => {
    const { document, deviceId, reportId, observedAt } = report
    if (document === null) return null
    if (document.format === 'UNKNOWN') return flawed('MALFORMED')
    try {
      const context = { deviceId, reportId, observedAt, arrivedAt }
      const opened = await deps.adapters[document.format](document.body, context)
      return isFlawed(opened) || !holdsPan(opened) ? opened : flawed('CLAIM')
    } catch (error) {
      deps.onUnexpected(error, document.format)
      return flawed('MALFORMED')
    }
  }

  return async (arrived) => {
    const tried = await Promise.all(
      arrived.map(async (each) => ({ arrived: each, opened: await open(each) })),
    )
    const proving = tried.filter(isProving)
    const replies = await deps.usedOnce.claim(
      proving.map(({ arrived: { owner }, opened: { once } }) => ({ ...once, owner })),
    )
    const replyTo = new Map<Tried, UseReply>(proving.map((each, i) => [each, replies[i] ?? 'USED']))
    return tried.map((each) => conclude(each, replyTo.get(each), deps.lifeMs))
  }
}

type Proving = Tried & { readonly opened: Opened & { readonly once: NonNullable<Opened['once']> } }

const isProving = (tried: Tried): tried is Proving =>
  tried.opened !== null && !isFlawed(tried.opened) && tried.opened.once !== null

const conclude = ({ arrived, opened }: Tried, reply: UseReply | undefined, lifeMs: number): ReadReport => {
  const { report, arrivedAt } = arrived
  const format = report.document?.format ?? 'UNKNOWN'
  if (opened === null) return { health: withoutDocument(report), document: null }
  if (isFlawed(opened)) {
    const { flaw } = opened
    if (!provingFormats.has(format))
      return { health: withoutDocument(report), document: { format, result: 'UNREADABLE', flaw } }
    const finding = flaw === 'TOO_OLD' ? 'EXPIRED' : 'FAILED'
    return { health: rejected(report, finding, arrivedAt), document: { format, result: finding, flaw } }
  }
  if (reply !== undefined && reply !== 'FIRST')
    return {
      health: rejected(report, 'REPLAYED', arrivedAt),
      document: { format, result: 'REPLAYED', flaw: null },
    }
  return {
    health: withDocument(report, opened, arrivedAt, lifeMs),
    document: { format, result: opened.once === null ? 'SELF_REPORTED' : 'VERIFIED', flaw: null },
  }
}
