import { readCpuMs, readMemoryMib } from './cpu.file.ts'
import { readTotal, readValue } from './exposition.ts'
import type { Measured } from './processor.process.ts'

/** CPU and metrics at one moment. */
export type Reading = {
  readonly nodeCpuMs: number
  readonly redisCpuMs: number | null
  readonly metrics: string
}

export const read = async ({ pid, metricsUrl }: Measured, redisPid: number | undefined): Promise<Reading> => {
  // The metrics first: making them costs the processor a moment, which then counts in neither or both.
  const metrics = metricsUrl === null ? '' : await (await fetch(metricsUrl)).text()
  return {
    nodeCpuMs: await readCpuMs(pid),
    redisCpuMs: redisPid === undefined ? null : await readCpuMs(redisPid),
    metrics,
  }
}

/** Inputs that decisions were made without, since the processor began. */
export const degradedIn = (metrics: string): number => readTotal(metrics, 'sluice_degraded_decisions_total')

/** MiB. Copies of histories are what the operator set aside for them; the rest is what the program itself needs. */
export type Memory = { readonly now: number; readonly most: number; readonly copies: number }

/** @param metrics of the same moment; '' for the relay */
export const readMemory = async (pid: number, metrics: string): Promise<Memory> => {
  const copiesBytes = readValue(metrics, 'sluice_history_copies_bytes')
  return { ...(await readMemoryMib(pid)), copies: Number.isNaN(copiesBytes) ? 0 : copiesBytes / 2 ** 20 }
}
