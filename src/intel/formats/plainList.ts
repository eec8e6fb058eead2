import { parseNetwork } from '../address.ts'
import type { ListKind, Named } from './named.ts'

/** What a line of a list is by its looks; null: nothing that is known. */
export const kindOf = (text: string): ListKind | null => {
  if (parseNetwork(text) !== null) return 'ip'
  if (/^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})$/i.test(text)) return 'file'
  if (/^[^\s@]{1,64}@[^\s@]{1,255}$/.test(text)) return 'email'
  return /^(?=.{1,253}$)[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+\.?$/u.test(text) ? 'domain' : null
}

export type ReadList = { readonly named: readonly Named[]; readonly unread: readonly string[] }

/**
 * One thing a line; what follows a blank, a comma or # is a remark.
 * @param as what the lines are; null: each is what it looks like
 */
export const readPlainList = (text: string, as: ListKind | null): ReadList => {
  const named: Named[] = []
  const unread: string[] = []
  text.split(/\r?\n/).forEach((line, index) => {
    const [value = ''] = line.trim().split(/[\s,;#]/, 1)
    if (value === '') return
    const kind = as ?? kindOf(value)
    if (kind === null)
      unread.push(`line ${index + 1}: expected an address, a network, a domain, a hash or an e-mail address`)
    else named.push({ kind, value, about: '' })
  })
  return { named, unread }
}
