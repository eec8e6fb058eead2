import type { RiskLevel } from '../domain/decision.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { PolicySpec } from './policySchema.ts'

const atLeast: Readonly<Record<Outcome, RiskLevel>> = { ALLOW: 'UNKNOWN', STEP_UP: 'MEDIUM', BLOCK: 'HIGH' }
const height: Readonly<Record<RiskLevel, number>> = { UNKNOWN: 0, LOW: 1, MEDIUM: 2, HIGH: 3, CRITICAL: 4 }

/** The higher of what the probability and the outcome say; UNKNOWN for an allowed payment without a probability. */
export const createRiskLevel = (limits: PolicySpec['riskLevels']) => {
  const ofProbability = (probability: number): RiskLevel => {
    if (Number.isNaN(probability)) return 'UNKNOWN'
    if (probability >= limits.critical) return 'CRITICAL'
    if (probability >= limits.high) return 'HIGH'
    return probability >= limits.medium ? 'MEDIUM' : 'LOW'
  }
  return (probability: number, outcome: Outcome): RiskLevel => {
    const scored = ofProbability(probability)
    const decided = atLeast[outcome]
    return height[scored] >= height[decided] ? scored : decided
  }
}
