import type { StepUpMethod } from '../domain/decision.ts'

/** The elements of strong customer authentication (EU RTS 2018/389 articles 6 to 8). */
export type Factor = 'KNOWLEDGE' | 'POSSESSION' | 'INHERENCE'

/** A way to make sure of the payer, as data. */
export type StepUpMethodFacts = {
  readonly method: Exclude<StepUpMethod, 'UNKNOWN'>
  /** Which elements it brings; a person who asks brings none that a machine can verify. */
  readonly factors: readonly Factor[]
  /** Where the payer answers. */
  readonly channel: 'APP' | 'SMS' | 'VOICE' | 'IN_PERSON'
  /** Whether the payer sees amount and payee where the answer is given (dynamic linking, article 5). */
  readonly showsPayment: boolean
  /** Whether an answer that was given to an impostor is worth nothing to them. */
  readonly resistsPhishing: boolean
  readonly proves: string
}

/**
 * Strongest first: whoever passes a method has proved at least what the next one would have. A call and a branch come
 * last although a person may see more: they cost the payer most, and are for when nothing else is safe.
 */
export const stepUpMethodFacts: readonly StepUpMethodFacts[] = [
  {
    method: 'PASSKEY',
    factors: ['POSSESSION', 'INHERENCE'],
    channel: 'APP',
    showsPayment: true,
    resistsPhishing: true,
    proves: 'a key that is bound to this institution was used on an enrolled device, unlocked by its owner',
  },
  {
    method: 'PUSH',
    factors: ['POSSESSION', 'KNOWLEDGE'],
    channel: 'APP',
    showsPayment: true,
    resistsPhishing: false,
    proves: 'the payer agreed, in the app on an enrolled device, to the payment that it showed',
  },
  {
    method: 'TOTP',
    factors: ['POSSESSION'],
    channel: 'APP',
    showsPayment: false,
    resistsPhishing: false,
    proves: 'somebody who can read the enrolled generator of codes was asked within the last minute',
  },
  {
    method: 'SMS_CODE',
    factors: ['POSSESSION'],
    channel: 'SMS',
    showsPayment: true,
    resistsPhishing: false,
    proves: 'somebody reads the messages that reach the number of the account',
  },
  {
    method: 'CALL_BACK',
    factors: ['KNOWLEDGE'],
    channel: 'VOICE',
    showsPayment: true,
    resistsPhishing: true,
    proves: 'somebody who answers at the number of the account knows what only the payer should',
  },
  {
    method: 'BRANCH',
    factors: ['POSSESSION', 'INHERENCE'],
    channel: 'IN_PERSON',
    showsPayment: true,
    resistsPhishing: true,
    proves: 'a person was there with a document of identity',
  },
]

const rankOf = (method: StepUpMethod): number =>
  stepUpMethodFacts.findIndex((facts) => facts.method === method)

/** What is wrong with a list that is to be in order of strength, each method once; null: nothing. */
export const orderProblem = (
  methods: readonly StepUpMethod[],
): { readonly at: number; readonly problem: string } | null => {
  for (const [at, method] of methods.entries()) {
    if (methods.indexOf(method) !== at) return { at, problem: `${method} is in the list already` }
    const before = methods[at - 1]
    if (before !== undefined && rankOf(before) > rankOf(method))
      return { at, problem: `expected the strongest first, found ${method} after ${before}` }
  }
  return null
}
