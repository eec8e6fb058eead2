import { stringify } from 'yaml'
import { compilePolicy, type Policy } from '../../../src/decision/policy.ts'
import { SluiceError } from '../../../src/errors.ts'
import { noticeFeatures } from '../../../src/decision/notices.ts'

export const features = [
  ...noticeFeatures,
  'amount',
  'payee_new',
  'count',
  'account.attempt_confirmed_reasons.24h',
  'account.confirmed_reasons.30d',
]

type Tree = Readonly<Record<string, unknown>>

export const rule = (over: Tree = {}): Tree => ({
  id: 'many',
  when: 'f("count") > 5.0',
  outcome: 'STEP_UP',
  reason: 'UNUSUAL_FREQUENCY',
  finding: 'ABNORMAL_BEHAVIOUR',
  owner: 'tests',
  ...over,
})

/** A policy that lets everything pass but what the given parts stop. */
export const policyText = (over: Tree = {}): string =>
  stringify({
    version: 'test',
    onUnknown: 'ALLOW',
    invalidPayment: 'BLOCK',
    reusedPaymentId: 'BLOCK',
    unscored: 'ALLOW',
    late: 'ALLOW',
    riskLevels: { medium: 0.1, high: 0.5, critical: 0.9 },
    thresholds: [{ stepUp: 0.6, block: 0.95 }],
    degraded: [],
    stepUp: [{ method: 'PASSKEY', unsafeIf: ['device.health.remote_access'] }, { method: 'CALL_BACK' }],
    rules: [],
    ...over,
  })

export const compile = (text: string): Policy =>
  compilePolicy(text, {
    isFeature: (name) => (features.includes(name) ? null : `there is no feature ${name}; near ones: count`),
    degradedInputs: ['device', 'history.account'],
  })

/** What Sluice says when it refuses; anything else that is thrown is thrown on. */
export const refusalOf = (act: () => unknown): { readonly code: string; readonly message: string } => {
  try {
    act()
  } catch (error) {
    if (error instanceof SluiceError) return { code: error.code, message: error.message }
    throw error
  }
  throw new Error('nothing was refused')
}
