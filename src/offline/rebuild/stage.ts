import type { Arrived, ReadReports } from '../../attestation/readReports.ts'
import { createAddressing } from '../../features/addressing.ts'
import { askedAppends, paymentAppends, type Appends } from '../../features/appends.ts'
import type { DeviceStates } from '../../features/deviceStates.ts'
import type { ToBase } from '../../features/histories.ts'
import type { Keys } from '../../features/keys.ts'
import { createNoteAppends } from '../../features/noteAppends.ts'
import type { Remembered } from './sources.ts'

export type StageDeps = {
  readonly keys: Keys
  readonly toBase: ToBase
  readonly append: (appends: Appends) => Promise<void>
  readonly readReports: ReadReports
  readonly deviceStates: DeviceStates
}

/** How many of each kind were taken over. */
export type Counts = { payments: number; accountEvents: number; feedback: number; deviceReports: number }

export type Stage = {
  /** In the order of their times, a few hundred at once. Rejects as the stores do. */
  readonly take: (batch: readonly Remembered[]) => Promise<void>
  /** Resolves when all that was taken is in the stores. */
  readonly flush: () => Promise<void>
  readonly counts: Readonly<Counts>
}

/** Reports of one device in one call are merged before anything is sent. */
const reportsPerCall = 5_000

/** Takes over what happened, by the code that writes the records of the online path. */
export const createStage = ({ keys, toBase, append, readReports, deviceStates }: StageDeps): Stage => {
  const address = createAddressing(keys)
  const noteAppends = createNoteAppends(keys)
  const counts: Counts = { payments: 0, accountEvents: 0, feedback: 0, deviceReports: 0 }
  let reports: Arrived[] = []
  /** The next batch is made ready while one is under way. */
  let underWay: Promise<void> = Promise.resolve()

  const applyReports = async (): Promise<void> => {
    const taken = reports
    reports = []
    if (taken.length === 0) return
    await deviceStates.apply((await readReports(taken)).map(({ health }) => health))
  }

  const appendAll = async (all: readonly Appends[]): Promise<void> => {
    for (const appends of all) await append(appends)
    if (reports.length >= reportsPerCall) await applyReports()
  }

  const appendsOf = (batch: readonly Remembered[]): readonly Appends[] => {
    const payments = batch.filter((each) => each.kind === 'payment')
    const happenings = batch.flatMap((each) => (each.kind === 'happening' ? [each.happening] : []))
    reports.push(...batch.flatMap((each) => (each.kind === 'report' ? [each.arrived] : [])))
    counts.payments += payments.length
    for (const { kind } of happenings) counts[kind === 'feedback' ? 'feedback' : 'accountEvents'] += 1
    counts.deviceReports += batch.length - payments.length - happenings.length
    const notes = noteAppends(happenings)
    if (payments.length === 0) return notes
    const amounts = payments.map(({ received: { payment, effectiveAt } }) =>
      toBase(payment.amountMinor, payment.currency, effectiveAt),
    )
    const addressed = payments.map(({ received }) => address(received))
    const outcomes = payments.map(({ outcome }) => outcome)
    const asked = askedAppends(
      addressed,
      payments.map(({ reasons }) => reasons),
    )
    return [paymentAppends(addressed, amounts, outcomes), ...asked, ...notes]
  }

  return {
    take: async (batch) => {
      const appends = appendsOf(batch)
      await underWay
      underWay = appendAll(appends)
      // Awaited with the next batch; until then a rejection is not one that nobody handles.
      underWay.catch(() => undefined)
    },
    flush: async () => {
      await underWay
      await applyReports()
    },
    counts,
  }
}
