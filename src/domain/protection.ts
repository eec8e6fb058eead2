/** How far a device protects what is done with it, from not at all to fully. UNKNOWN: its state cannot be read. */
export const protectionLevels = ['UNKNOWN', 'NONE', 'RESTRICTED', 'GUARDED', 'FULL'] as const
export type ProtectionLevel = (typeof protectionLevels)[number]

/** A level and what keeps it from being higher; FULL has no reasons. */
export type Protection = {
  readonly level: ProtectionLevel
  /** Closed set, upper snake case, in a fixed order. */
  readonly reasons: readonly string[]
}

/** The level as a number: NONE 0 ... FULL 3, UNKNOWN NaN. */
export const protectionRank = (level: ProtectionLevel): number =>
  level === 'UNKNOWN' ? NaN : protectionLevels.indexOf(level) - 1
