import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { endsWithUs, rejectsAtEnd } from '../children.process.ts'
import type { Answered, PayersMessage, PayersOrder } from './program.ts'

export type Payers = {
  /** Begins to send. */
  readonly go: () => void
  readonly progress: () => { readonly sent: number; readonly answered: number }
  /** Resolves when all is answered, or was waited for long enough: the payments in the order of their sending. */
  readonly done: Promise<readonly Answered[]>
}

const program = fileURLToPath(new URL('payers.ts', import.meta.url))

/** Resolves when an answer would be noticed; `done` rejects when the payers end before they are through. */
export const startPayers = async (order: PayersOrder): Promise<Payers> => {
  const child = fork(program, { execArgv: ['--import', 'tsx'] })
  endsWithUs(child)
  let progress = { sent: 0, answered: 0 }
  let ready: () => void = () => undefined
  const isReady = new Promise<void>((resolve) => (ready = resolve))
  const ended = rejectsAtEnd(child, 'the payers')
  const done = new Promise<readonly Answered[]>((resolve) =>
    child.on('message', (message: PayersMessage) => {
      if (message.kind === 'ready') ready()
      if (message.kind === 'progress') progress = { sent: message.sent, answered: message.answered }
      if (message.kind !== 'done') return
      const { intendedAt, appendedAt, receivedAt } = message
      resolve(
        intendedAt.map((at, i) => ({
          intendedAt: at,
          appendedAt: appendedAt[i] ?? NaN,
          receivedAt: receivedAt[i] ?? NaN,
        })),
      )
      child.disconnect()
    }),
  )
  child.send(order)
  const whole = Promise.race([done, ended])
  whole.catch(() => undefined)
  await Promise.race([isReady, ended])
  return { go: () => void child.send('go'), progress: () => progress, done: whole }
}
