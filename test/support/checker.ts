/** A payment that a switch sent; the same id may be sent more than once. */
export type Sent = { readonly paymentId: string; readonly attempt: number }

/** One record of `decisions`, as it came. */
export type Answered = Sent & {
  readonly bytes: Buffer
  readonly degraded: readonly string[]
}

export type Verdict = {
  /** Different payments and attempts. */
  readonly sent: number
  readonly decided: number
  /** Sent, and never answered. */
  readonly missing: readonly string[]
  /** Answered with two different contents. */
  readonly conflicting: readonly string[]
  /** Answers beyond the first one with the same content. */
  readonly duplicates: number
  /** Payments with a degraded answer. */
  readonly degraded: number
}

const nameOf = ({ paymentId, attempt }: Sent): string => `${paymentId} ${attempt}`

/** What a switch got for what it sent. Answers to what it did not send count for nothing. */
export const check = (sent: readonly Sent[], answers: readonly Answered[]): Verdict => {
  const answersOf = new Map<string, Answered[]>(sent.map((payment) => [nameOf(payment), []]))
  for (const answer of answers) answersOf.get(nameOf(answer))?.push(answer)

  const missing: string[] = []
  const conflicting: string[] = []
  let duplicates = 0
  let degraded = 0
  for (const [name, [first, ...others]] of answersOf) {
    if (first === undefined) {
      missing.push(name)
      continue
    }
    const different = others.filter(({ bytes }) => !bytes.equals(first.bytes))
    if (different.length > 0) conflicting.push(name)
    duplicates += others.length - different.length
    if ([first, ...others].some((answer) => answer.degraded.length > 0)) degraded += 1
  }
  return {
    sent: answersOf.size,
    decided: answersOf.size - missing.length,
    missing,
    conflicting,
    duplicates,
    degraded,
  }
}
