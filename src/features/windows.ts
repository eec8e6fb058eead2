const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
type Unit = keyof typeof unitMs

const windowPattern = /^([1-9]\d{0,6})([smhd])$/

/** `10m`, `24h`, `7d` in milliseconds; null for anything else. */
export const parseWindow = (text: string): number | null => {
  const parts = windowPattern.exec(text)
  return parts === null ? null : Number(parts[1]) * unitMs[parts[2] as Unit]
}

/** The shortest way to write a length of time in whole seconds: 3,600,000 ms is `1h`. */
export const formatWindow = (windowMs: number): string => {
  const unit = (['d', 'h', 'm', 's'] as const).find((candidate) => windowMs % unitMs[candidate] === 0) ?? 's'
  return `${windowMs / unitMs[unit]}${unit}`
}
