import { readCpuMs } from './cpu.file.ts'
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
