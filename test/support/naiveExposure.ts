import type { Platform } from '../../src/domain/deviceHealth.ts'
import type { AffectedRange, Vulnerability } from '../../src/domain/vulnerability.ts'

/** true, false, or null where it is not known. */
type Verdict = boolean | null

const numbers = (text: string): readonly number[] | null =>
  /^\d+(\.\d+)*$/.test(text) ? text.split('.').map(Number) : null

const order = (a: readonly number[], b: readonly number[]): number => {
  for (let i = 0; i < 8; i++) if ((a[i] ?? 0) !== (b[i] ?? 0)) return (a[i] ?? 0) - (b[i] ?? 0)
  return 0
}

const inRange = ({ introduced, fixed, lastAffected }: AffectedRange, version: string | null): Verdict => {
  if (introduced === null && fixed === null && lastAffected === null) return true
  const bounds = [introduced, fixed, lastAffected].map((text) => (text === null ? [] : numbers(text)))
  const device = version === null ? null : numbers(version)
  if (device === null || bounds.includes(null)) return null
  const [low, end, last] = bounds
  if (introduced !== null && order(device, low ?? []) < 0) return false
  if (fixed !== null && order(device, end ?? []) >= 0) return false
  return lastAffected === null || order(device, last ?? []) <= 0
}

/** What dotted versions say, by the definitions alone. */
export const naiveVerdict = (
  { affected }: Vulnerability,
  platform: Platform,
  version: string | null,
): Verdict => {
  const verdicts = affected
    .filter((range) => range.platform === platform)
    .map((range) => (range.versionScheme === 'DOTTED' ? inRange(range, version) : null))
  if (verdicts.includes(true)) return true
  return verdicts.includes(null) ? null : false
}
