import { createVulnerabilities } from '../../src/features/vulnerabilities.ts'
import type { Schemas } from '../../src/stream/codec/schemas.ts'
import { createVulnerabilityCodec } from '../../src/stream/codec/vulnerability.ts'
import { madeUpCatalogue, madeUpDevices } from './madeUp.ts'

export type VulnerabilityFigures = {
  readonly entries: number
  /** From the bytes of the topic into the table, milliseconds. */
  readonly loadMs: number
  /** A version that was asked for since the last change, microseconds. */
  readonly rememberedUs: number
  /** A version that was not: all entries of its platform are looked at, microseconds. */
  readonly firstUs: number
}

export type VulnerabilityBench = {
  readonly entries: number
  readonly versions: number
  readonly calls: number
}

const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN

const rounds = 5

/** What a whole catalogue costs: medians of five rounds. @param monotonic milliseconds */
export const measureVulnerabilities = (
  schemas: Schemas,
  { entries, versions, calls }: VulnerabilityBench,
  monotonic: () => number,
): VulnerabilityFigures => {
  const codec = createVulnerabilityCodec(schemas)
  const bytes = madeUpCatalogue(entries).map(codec.encode)
  const devices = madeUpDevices(versions)
  const timed = (work: () => void): number => {
    const startedAt = monotonic()
    work()
    return monotonic() - startedAt
  }
  const all = Array.from({ length: rounds }, () => {
    const table = createVulnerabilities()
    const loadMs = timed(() =>
      table.apply(bytes.map(codec.decode).map((value) => ({ key: value.cveId, value }))),
    )
    const ask = (): void => {
      for (const { platform, ...version } of devices) table.exposure(platform, version)
    }
    const firstUs = (timed(ask) * 1_000) / versions
    const passes = Math.ceil(calls / versions)
    const rememberedUs =
      (timed(() => {
        for (let pass = 0; pass < passes; pass++) ask()
      }) *
        1_000) /
      (passes * versions)
    return { loadMs, firstUs, rememberedUs }
  })
  return {
    entries,
    loadMs: middle(all.map(({ loadMs }) => loadMs)),
    rememberedUs: middle(all.map(({ rememberedUs }) => rememberedUs)),
    firstUs: middle(all.map(({ firstUs }) => firstUs)),
  }
}
