import { readFileSync } from 'node:fs'

/** Version of this package, from its package.json. */
export const readVersion = (): string => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const version: unknown = (JSON.parse(text) as { readonly version?: unknown }).version
  return typeof version === 'string' ? version : 'unknown'
}
