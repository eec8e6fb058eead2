/** Work that is left out under overload, in the order in which it goes; a payment never is. */
export const sheddable = ['challengers', 'reasons', 'optional_features'] as const
export type Sheddable = (typeof sheddable)[number]

/** How many of `sheddable`, from the first on, are left out. */
export type ShedLevel = 0 | 1 | 2 | 3
