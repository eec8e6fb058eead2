import { SluiceError } from '../../errors.ts'
import type { Shown } from './showcase.ts'
import type { Snapshot } from './tally.ts'

/** What the switch says on standard output, one JSON object a line. */
export type SwitchMessage =
  /** It reads `decisions` and waits for a line on standard input to begin. */
  | { readonly kind: 'ready' }
  /** `timeLapse`: simulated milliseconds in one of ours, null where that cannot be said. */
  | { readonly kind: 'started'; readonly timeLapse: number | null }
  | { readonly kind: 'progress'; readonly elapsedMs: number; readonly snapshot: Snapshot }
  | {
      readonly kind: 'ended'
      readonly elapsedMs: number
      readonly snapshot: Snapshot
      readonly shown: readonly Shown[]
    }

const kinds: ReadonlySet<unknown> = new Set<SwitchMessage['kind']>(['ready', 'started', 'progress', 'ended'])

export const writeSwitchMessage = (message: SwitchMessage): string => `${JSON.stringify(message)}\n`

/** @throws SluiceError FILE_INVALID for a line that our own switch did not write */
export const readSwitchMessage = (line: string): SwitchMessage => {
  try {
    const message = JSON.parse(line) as SwitchMessage
    if (kinds.has(message.kind)) return message
  } catch (cause) {
    throw new SluiceError('FILE_INVALID', 'the switch said something else than a message', { cause })
  }
  throw new SluiceError('FILE_INVALID', 'the switch said something of an unknown kind')
}
