import type { Setting } from './setting.ts'
import { progressLine, tableLines, type Course } from './show/progress.ts'
import type { SwitchMessage } from './switchMessages.ts'

const lineEveryMs = 3_000

/** Shows how it goes: a table on a terminal, a line now and then elsewhere. */
export const createFollow = ({
  screen,
  options,
}: Pick<Setting, 'screen' | 'options'>): ((message: SwitchMessage) => void) => {
  let timeLapse: number | null = null
  let lineAtMs = 0
  return (message) => {
    if (message.kind === 'started') timeLapse = message.timeLapse
    if (message.kind !== 'progress' && message.kind !== 'ended') return
    const { elapsedMs, snapshot } = message
    const course: Course = { ...options, timeLapse, elapsedMs, snapshot }
    screen.draw(tableLines(course))
    if (message.kind === 'ended') screen.settle()
    if (screen.isTerminal || (message.kind === 'progress' && elapsedMs - lineAtMs < lineEveryMs)) return
    lineAtMs = elapsedMs
    screen.line(progressLine(course))
  }
}
