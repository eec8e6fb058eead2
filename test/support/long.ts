const wholeNumber = (name: string, short: number): number => {
  const text = process.env[name]
  if (text === undefined || text === '') return short
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new Error(`${name}: expected a whole number above 0`)
  return number
}

/** The tests of faults are short by default; these make them long. */
export const faultRounds = wholeNumber('SLUICE_FAULT_ROUNDS', 1)
export const faultSeconds = wholeNumber('SLUICE_FAULT_SECONDS', 4)
/** The deadline of payments while Redis is away; the product's own, 1,000, holds on a machine that does nothing else. */
export const faultDeadlineMs = wholeNumber('SLUICE_FAULT_DEADLINE_MS', 10_000)
/** Accounts of the world in the test of `sluice rebuild`. */
export const rebuildAccounts = wholeNumber('SLUICE_REBUILD_ACCOUNTS', 80)
/** Payments through Kafka and Redis whose features and scores are compared with `sluice replay` and `sluice score`. */
export const parityPayments = wholeNumber('SLUICE_PARITY_PAYMENTS', 1_500)
/** Swaps after which tensors must not have grown. */
export const swapRounds = wholeNumber('SLUICE_SWAP_ROUNDS', 100)
