import { getDomain } from 'tldts'

/** Labels that a domain name may have: 253 characters with a dot between them. */
const labelsMax = 127

/**
 * A host and the names around it, up to the one that can be registered: whoever lists `example.co.uk` lists
 * `www.example.co.uk`, and nobody who lists `co.uk` lists both. A public suffix stands for itself alone.
 */
export const hostsAround = (host: string): readonly string[] => {
  const registrable = getDomain(host, { allowPrivateDomains: true })
  if (registrable === null) return [host]
  const hosts = [host]
  for (let name = host; name !== registrable && hosts.length < labelsMax;) {
    const dot = name.indexOf('.')
    if (dot < 0) break
    name = name.slice(dot + 1)
    hosts.push(name)
  }
  return hosts
}
