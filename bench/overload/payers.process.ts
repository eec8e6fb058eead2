import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { endsWithUs, rejectsAtEnd } from '../children.process.ts'
import type { PayersMessage, PayersOrder } from './program.ts'

export type Paid = Extract<PayersMessage, { readonly kind: 'done' }>

export type Payers = {
  /** Begins to send; resolves when all is answered, or was waited for long enough. */
  readonly pay: () => Promise<Paid>
}

const program = fileURLToPath(new URL('payers.ts', import.meta.url))

/** Resolves when an answer would be noticed; rejects, as `pay` does, when the payers end before they are through. */
export const startPayers = async (order: PayersOrder): Promise<Payers> => {
  const child = fork(program, { execArgv: ['--import', 'tsx'] })
  endsWithUs(child)
  const ended = rejectsAtEnd(child, 'the payers')
  let ready: () => void = () => undefined
  const isReady = new Promise<void>((resolve) => (ready = resolve))
  const paid = new Promise<Paid>((resolve) =>
    child.on('message', (message: PayersMessage) => {
      if (message.kind === 'ready') ready()
      else {
        resolve(message)
        child.disconnect()
      }
    }),
  )
  child.send(order)
  await Promise.race([isReady, ended])
  return {
    pay: () => {
      child.send('go')
      return Promise.race([paid, ended])
    },
  }
}
