import type { Intelligence } from '../../domain/intelligence.ts'
import { createToBase, type ToBase } from '../../features/baseCurrency.ts'
import { createMemoryDeviceStates } from '../../features/deviceStates.memory.ts'
import { createHasher } from '../../features/hashing.ts'
import { createMemoryHistories } from '../../features/histories.memory.ts'
import { createKeys } from '../../features/keys.ts'
import { createEndOfLife, type ReleaseCycle } from '../../features/osEndOfLife.ts'
import { compileFeatures, defaultRetentionMs } from '../../features/plan.ts'
import { createVulnerabilities } from '../../features/vulnerabilities.ts'
import { createPaymentCodec } from '../../stream/codec/payment.ts'
import type { Schemas } from '../../stream/codec/schemas.ts'
import type { ReplayClock, ReplayDeps } from './replay.ts'

/** Hashes in a replay meet no other hashes and nobody who could craft one: the key need not be a secret. */
export const replayHashKey = Buffer.from('sluice in memory')

export type MemoryReplayOptions = {
  readonly features: readonly string[]
  /** Without it `intel.*` is not known. */
  readonly intelligence?: Intelligence | null
  readonly schemas: Schemas
  /** Default: 40 days. */
  readonly retentionMs?: number
  /** Default: the base is EUR, and amounts in other currencies are not known. */
  readonly toBase?: ToBase
  /** Epoch ms from which on everything is known. Default: there was nothing before the first payment. */
  readonly coveredSince?: number | undefined
  /** When the support of operating systems ends. Default: that is not known. */
  readonly endOfLife?: readonly ReleaseCycle[]
}

const euroOnly = createToBase({ currency: 'EUR', rates: [] })

/** All that a replay in memory needs. @throws SluiceError FEATURE_UNKNOWN */
export const createMemoryReplay = (options: MemoryReplayOptions): ReplayDeps => {
  const { features, schemas, retentionMs = defaultRetentionMs, toBase = euroOnly, coveredSince } = options
  const hasher = createHasher(replayHashKey)
  const codec = createPaymentCodec(schemas)
  const devices = createMemoryDeviceStates()
  const vulnerabilities = createVulnerabilities()
  const systems = { vulnerabilities, endOfLife: createEndOfLife(options.endOfLife ?? []) }
  const clock: ReplayClock = { at: 0 }
  const histories = createMemoryHistories({
    keys: createKeys(hasher),
    toBase,
    deviceState: devices.state,
    ...(coveredSince === undefined ? {} : { coveredSince }),
  })
  return {
    plan: compileFeatures(features, { retentionMs, systems, intelligence: options.intelligence ?? null }),
    vulnerabilities,
    histories,
    devices,
    clock,
    contentHash: (payment) => hasher.hashContent(codec.body(payment)),
  }
}
