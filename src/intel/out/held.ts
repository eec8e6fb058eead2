import type { Label } from './label.ts'

/** Labels that may not leave yet: of each payment the latest. */
export type Held = {
  readonly labels: () => readonly Label[]
  readonly get: (paymentRef: string) => Label | undefined
  readonly set: (label: Label) => void
  readonly delete: (paymentRef: string) => void
}

export const createHeld = (): Held => {
  const byPayment = new Map<string, Label>()
  return {
    labels: () => [...byPayment.values()],
    get: (paymentRef) => byPayment.get(paymentRef),
    set: (label) => void byPayment.set(label.paymentRef, label),
    delete: (paymentRef) => void byPayment.delete(paymentRef),
  }
}
