import type { BundleAccount } from '../../domain/bundleAccount.ts'
import { type Active, bundleHashOf, parseActive } from '../../model/active.ts'
import { sha256 } from '../../model/canonical.ts'
import { SluiceError } from '../../errors.ts'

/** An account whose parts fit the hash that decisions carry. */
export type KnownBundle = { readonly account: BundleAccount; readonly active: Active }

/** The bundles whose audit records can be read, by hash. */
export type BundleBook = {
  /** null: nobody knows the bundle. @throws SluiceError MODEL_UNVERIFIED, MODEL_INVALID where all accounts of it are false */
  readonly of: (bundleHash: string) => KnownBundle | null
}

/**
 * An account is believed for what the hash covers: models, pins and policy. @throws SluiceError MODEL_UNVERIFIED or
 * MODEL_INVALID for one that was changed
 */
export const verifiedAccount = (account: BundleAccount): KnownBundle => {
  const active = parseActive(account.active, `bundle ${account.bundleHash}`)
  if (bundleHashOf(active) !== account.bundleHash || sha256(account.policyText) !== active.policy.sha256)
    throw new SluiceError(
      'MODEL_UNVERIFIED',
      `bundle ${account.bundleHash}: expected what its hash is of, found something else`,
    )
  return { account, active }
}

/** The first that can be believed: a false one stands in nobody's way. */
const firstVerified = (accounts: readonly BundleAccount[]): KnownBundle | null => {
  let problem: SluiceError | null = null
  for (const account of accounts)
    try {
      return verifiedAccount(account)
    } catch (error) {
      if (!(error instanceof SluiceError)) throw error
      problem ??= error
    }
  if (problem !== null) throw problem
  return null
}

/** Looks at the accounts of a bundle when it is asked for: what is wrong with one says nothing of others. */
export const createBundleBook = (found: readonly BundleAccount[]): BundleBook => {
  const accounts = new Map<string, BundleAccount[]>()
  for (const account of found)
    accounts.set(account.bundleHash, [...(accounts.get(account.bundleHash) ?? []), account])
  const verified = new Map<string, KnownBundle | null>()
  return {
    of: (bundleHash) => {
      const known = verified.get(bundleHash)
      if (known !== undefined) return known
      const first = firstVerified(accounts.get(bundleHash) ?? [])
      verified.set(bundleHash, first)
      return first
    },
  }
}
