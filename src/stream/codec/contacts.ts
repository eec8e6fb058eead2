import type { Fault, Fields } from './check.ts'
import { contactFault, contactHash } from './values.ts'

const contactFields = ['emailHash', 'phoneHash'] as const

/** A letter of the mailbox, then a domain with a dot: `name@bank`, as UPI names accounts, is none. Linear. */
const address = /[\w%+-]@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,63}/i
/** International form (E.164), with or without separators; a national number cannot be told from other digits. */
const international = /\+[1-9](?:[ .-]?\d){7,14}(?!\d)/

export const holdsContact = (text: string): boolean => address.test(text) || international.test(text)

/**
 * An e-mail address or a phone number in clear in a payment that is refused for something else: whatever stands where
 * a hash belongs, and what looks like one anywhere in its bytes.
 */
export const contactAnywhere = (bytes: Buffer | null, partial: Fields): Fault | null => {
  for (const field of contactFields) {
    const given = partial[field]
    if (given !== undefined && given !== null && contactHash(given) !== null)
      return { ...contactFault(given), field }
  }
  const text = bytes?.toString('latin1') ?? ''
  return holdsContact(text) ? contactFault(text) : null
}
