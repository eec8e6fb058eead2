import type { RecentOf } from './keys.ts'

/** An account paid a payee, or used a device. */
export type Meeting = {
  readonly of: RecentOf
  /** The payee's or the device's. */
  readonly token: string
  readonly accountId: string
  /** Epoch ms. */
  readonly at: number
}

export type RecentLimits = {
  /** So long an account is remembered. */
  readonly keptMs: number
  /** A list holds its newest accounts, each once, in at least so many bytes; it is never more than twice as long. */
  readonly keptBytes: number
}

/** Which accounts paid a payee, or used a device, lately. */
export type RecentAccounts = {
  /** Adds what the store takes, and gives back what it did not take, or may not have. Never rejects. */
  add(meetings: readonly Meeting[]): Promise<readonly Meeting[]>
  /** Account tokens, the latest first, each once. @throws SluiceError REDIS_UNAVAILABLE */
  read(of: RecentOf, token: string): Promise<readonly string[]>
}

/** A line of a list: a token holds no space and no line's end. */
export const lineOf = ({ accountId, at }: Meeting): string => `${at} ${accountId}\n`

/** @param since epoch ms: accounts that met it before are left out */
export const accountsIn = (list: string, since: number): readonly string[] => {
  const newest = new Map<string, number>()
  for (const line of list.split('\n')) {
    const space = line.indexOf(' ')
    const at = Number(line.slice(0, space))
    const accountId = line.slice(space + 1)
    if (space > 0 && at > since) newest.set(accountId, Math.max(at, newest.get(accountId) ?? at))
  }
  return [...newest].sort(([, a], [, b]) => b - a).map(([accountId]) => accountId)
}
