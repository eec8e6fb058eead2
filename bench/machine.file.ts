import { readFile } from 'node:fs/promises'
import { availableParallelism, cpus, totalmem } from 'node:os'

/** Where figures were taken: what they depend on, and nothing that names the place. */
export type Machine = {
  readonly cores: number
  readonly cpu: string
  readonly memoryGib: number
  readonly node: string
  readonly platform: string
}

export const describeMachine = (): Machine => ({
  cores: availableParallelism(),
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  memoryGib: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  platform: `${process.platform}-${process.arch}`,
})

/** How busy the machine was in the last minute; figures taken beside other work are worth little. */
export const readLoad = async (): Promise<number> =>
  Number((await readFile('/proc/loadavg', 'latin1')).split(' ')[0])
