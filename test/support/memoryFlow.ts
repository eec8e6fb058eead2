import { createEngine, type Engine, type EngineDeps } from '../../src/compose/engine.ts'
import { composeStages } from '../../src/compose/stages.ts'
import type { DeviceHealth } from '../../src/domain/deviceHealth.ts'
import { createToBase } from '../../src/features/baseCurrency.ts'
import { createMemoryDeviceStates } from '../../src/features/deviceStates.memory.ts'
import { nothingLags, type Lagging } from '../../src/features/degraded.ts'
import { createHasher } from '../../src/features/hashing.ts'
import { nothingListed } from '../../src/features/intelFeatures.ts'
import { createMemoryHistories } from '../../src/features/histories.memory.ts'
import { createMemoryJournal } from '../../src/features/journal.memory.ts'
import { createVulnerabilities } from '../../src/features/vulnerabilities.ts'
import { createKeys } from '../../src/features/keys.ts'
import { loadBundle } from '../../src/model/bundle.file.ts'
import { createDecisionCodec } from '../../src/stream/codec/decision.ts'
import { createPaymentDecoder } from '../../src/stream/codec/paymentDecoder.ts'
import { loadSchemas, ownSchemasFolder } from '../../src/stream/codec/schemas.file.ts'
import { createFlow, type Flow, type Outbound, type Stages } from '../../src/stream/flow.ts'

/** The whole flow without a broker: bytes in, and what would be published out. */
export type MemoryFlow = {
  readonly flow: Flow
  readonly published: readonly Outbound[]
  /** From now on these side inputs lag. */
  readonly lag: (inputs: Lagging) => void
  readonly report: (reports: readonly DeviceHealth[]) => Promise<void>
  readonly engine: Engine
}

/**
 * @param now the wall clock of the whole run, epoch ms
 * @param engineDeps such as what challengers need
 * @param around what stands around the stages in the processor, such as shedding
 */
export const createMemoryFlow = async (
  modelsFolder: string,
  now: () => number,
  engineDeps: Partial<EngineDeps> = {},
  around: <Recalled>(stages: Stages<Recalled>) => Stages<Recalled> = (stages) => stages,
): Promise<MemoryFlow> => {
  const schemas = await loadSchemas(ownSchemasFolder)
  const hasher = createHasher(Buffer.alloc(16, 7))
  const devices = createMemoryDeviceStates()
  const monotonic = engineDeps.monotonic ?? (() => 0)
  const engine = await createEngine(await loadBundle(modelsFolder), {
    retentionMs: 35 * 86_400_000,
    systems: { vulnerabilities: createVulnerabilities(), endOfLife: null },
    intelligence: nothingListed,
    observeModelScore: () => undefined,
    monotonic,
    driftWindowMs: 3_600_000,
    ...engineDeps,
  })
  const published: Outbound[] = []
  let lagging = nothingLags
  const stages = composeStages({
    engine: () => engine,
    decode: createPaymentDecoder({
      schemas,
      maxBytes: 65_536,
      maxFutureMs: 300_000,
      now,
      hashContent: hasher.hashContent,
    }),
    decisions: createDecisionCodec(schemas),
    histories: createMemoryHistories({
      keys: createKeys(hasher),
      toBase: createToBase({ currency: 'EUR', rates: [] }),
      deviceState: devices.state,
    }),
    lagging: () => lagging,
    journal: createMemoryJournal({ now }),
    published: () => null,
    publish: async (outbound) => {
      published.push(outbound)
      return new Map()
    },
    now,
    deadlineMs: 1000,
    validityMs: 300_000,
    feedbackKey: Buffer.alloc(32, 9),
    observeJournal: () => undefined,
  })
  return {
    flow: createFlow(around(stages), monotonic, () => undefined),
    published,
    lag: (inputs) => {
      lagging = inputs
    },
    report: devices.apply,
    engine,
  }
}
