import type { BundleAccount } from '../../domain/bundleAccount.ts'
import { type Active, bundleHashOf, parseActive } from '../../model/active.ts'
import { sha256 } from '../../model/canonical.ts'
import { SluiceError } from '../../errors.ts'

/** An account whose parts fit the hash that decisions carry. */
export type KnownBundle = { readonly account: BundleAccount; readonly active: Active }

/** The bundles whose audit records can be read, by hash. */
export type BundleBook = {
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

/** @param found the first account of a bundle counts */
export const createBundleBook = (found: readonly BundleAccount[]): BundleBook => {
  const books = new Map<string, KnownBundle>()
  for (const account of found)
    if (!books.has(account.bundleHash)) books.set(account.bundleHash, verifiedAccount(account))
  return { of: (bundleHash) => books.get(bundleHash) ?? null }
}
