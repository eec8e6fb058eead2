import { startChild, type Child } from './child.process.ts'
import { freePort } from './processor.http.ts'
import type { RunFolder } from './runFolder.file.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** How this program is called again: Node, its own options, and the file that it was started with. */
export type Self = readonly [string, ...(readonly string[])]

export type ProcessorProcess = { readonly child: Child; readonly address: string }

/** The processor drains within 10 s unless it is told otherwise. */
const graceMs = 20_000

/** Starts `sluice run` with an HTTP port of its own. */
export const startProcessor = async (
  self: Self,
  folder: RunFolder,
  environment: Environment,
): Promise<ProcessorProcess> => {
  const log = folder.openLog('processor.log')
  const port = await freePort()
  const child = startChild({
    name: 'the processor',
    command: [...self, 'run'],
    environment: { ...environment, SLUICE_HTTP_PORT: String(port), SLUICE_HTTP_HOST: '127.0.0.1' },
    log: log.descriptor,
    logTail: log.tail,
    graceMs,
    askToEnd: 'SIGTERM',
  })
  return { child, address: `http://127.0.0.1:${port}` }
}
