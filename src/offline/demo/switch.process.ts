import { startChild, type Child } from './child.process.ts'
import { createPending } from './pending.ts'
import type { Environment, Self } from './processor.process.ts'
import type { RunFolder } from './runFolder.file.ts'
import { readSwitchMessage, type SwitchMessage } from './switchMessages.ts'

export type SwitchProcess = {
  readonly child: Child
  /** It reads `decisions` and waits to be told to begin. */
  readonly ready: Promise<undefined>
  readonly begin: () => void
  /** Its last word, when every payment was sent and it has waited for the decisions. */
  readonly ended: Promise<Extract<SwitchMessage, { readonly kind: 'ended' }>>
}

export type SwitchProcessOptions = {
  readonly eventsFile: string
  readonly ratePerSecond: number
  readonly onMessage: (message: SwitchMessage) => void
}

const graceMs = 5_000

/** Starts `sluice switch`. What it says that is no message makes `ready` and `ended` reject. */
export const startSwitch = (
  self: Self,
  folder: RunFolder,
  environment: Environment,
  { eventsFile, ratePerSecond, onMessage }: SwitchProcessOptions,
): SwitchProcess => {
  const log = folder.openLog('switch.log')
  let child: Child | null = null
  const ended = createPending<Extract<SwitchMessage, { readonly kind: 'ended' }>>()
  const ready = createPending<undefined>()

  const take = (line: string): void => {
    try {
      const message = readSwitchMessage(line)
      if (message.kind === 'ready') ready.resolve(undefined)
      if (message.kind === 'ended') {
        child?.mayEnd()
        ended.resolve(message)
      }
      onMessage(message)
    } catch (error) {
      ready.reject(error)
      ended.reject(error)
    }
  }

  child = startChild({
    name: 'the payment switch',
    command: [...self, 'switch', '--events', eventsFile, '--rate', String(ratePerSecond)],
    environment,
    log: log.descriptor,
    logTail: log.tail,
    onLine: take,
    graceMs,
    askToEnd: 'end of input',
  })
  return {
    child,
    ready: ready.promise,
    begin: () => child.writeLine('begin'),
    ended: ended.promise,
  }
}
