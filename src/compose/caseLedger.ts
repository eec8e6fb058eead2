import type { CaseCommand, CaseEntry, CaseEvent } from '../domain/case.ts'
import type { Refused } from '../domain/received.ts'
import { answerTo } from '../intel/cases/answer.ts'
import { hashOf, linked, noEntry, type Head } from '../intel/cases/chain.ts'
import { clockEvents } from '../intel/cases/clockEvents.ts'
import { createRegister, type Register } from '../intel/cases/register.ts'
import type { Codec } from '../stream/codec/codec.ts'
import { deadLetter } from '../stream/messages.ts'
import type { RawRecord } from '../stream/record.ts'
import type { Ledger, Writing } from '../stream/soleWriter.kafka.ts'
import { entryMessage, followingEntry } from './caseEntries.ts'

export type CaseLedgerDeps = {
  readonly topics: { readonly cases: string; readonly deadLetters: string }
  readonly codec: Codec<CaseEntry>
  readonly decode: (record: RawRecord) => CaseCommand | Refused
  /** Epoch ms. */
  readonly now: () => number
  /** Told once they are in Kafka. */
  readonly onWritten: (entries: readonly CaseEntry[]) => void
  readonly onCommands: (result: 'applied' | 'repeated' | 'refused', count: number) => void
  /** Told of the cases as they are now, at each tick. */
  readonly onCases: (register: Register, now: number) => void
}

/** The case log of whoever writes it. @param written all records of `cases` @throws SluiceError CASES_BROKEN */
export const createCaseLedger = (deps: CaseLedgerDeps, written: readonly RawRecord[]): Ledger => {
  const { codec, topics, now } = deps
  const register = createRegister()
  let head: Head = noEntry
  for (const record of written) {
    const { entry, hash } = followingEntry(record, codec, head)
    register.add(entry)
    head = { sequence: entry.sequence, hash }
  }
  let pending: CaseEntry[] = []
  const counts = { applied: 0, repeated: 0, refused: 0 }

  const append = (event: CaseEvent) => {
    const entry = linked(event, head)
    const bytes = codec.encode(entry)
    head = { sequence: entry.sequence, hash: hashOf(bytes) }
    register.add(entry)
    pending.push(entry)
    return entryMessage(bytes, entry)
  }
  const appendClock = () => clockEvents(register.cases(), now()).map(append)

  const obey = (command: CaseCommand) => {
    if (register.isAnswered(command.commandId)) {
      counts.repeated++
      return []
    }
    const event = answerTo(command, register.caseOf(command.caseId), now())
    if (event.kind === 'REFUSED') counts.refused++
    else counts.applied++
    return [append(event)]
  }

  const writing = (entries: ReturnType<typeof appendClock>, refused: readonly Refused[] = []): Writing => [
    ...(entries.length === 0 ? [] : [{ topic: topics.cases, messages: entries }]),
    ...(refused.length === 0 ? [] : [{ topic: topics.deadLetters, messages: refused.map(deadLetter) }]),
  ]

  return {
    take: (records) => {
      const decoded = records.map(deps.decode)
      const refused = decoded.filter((each): each is Refused => 'reason' in each)
      counts.refused += refused.length
      // What the clock owes was due before the command came.
      const entries = decoded.flatMap((each) => ('reason' in each ? [] : [...appendClock(), ...obey(each)]))
      return writing(entries, refused)
    },
    tick: () => {
      deps.onCases(register, now())
      return writing(appendClock())
    },
    written: () => {
      deps.onWritten(pending)
      pending = []
      for (const result of ['applied', 'repeated', 'refused'] as const) {
        if (counts[result] > 0) deps.onCommands(result, counts[result])
        counts[result] = 0
      }
    },
    close: () => Promise.resolve(),
  }
}
