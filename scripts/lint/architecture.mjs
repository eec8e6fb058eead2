// Who may import whom, and which file name may wait for what: the one table behind the overrides of .oxlintrc.json.

const siblings = ['features', 'attestation', 'model', 'decision', 'intel', 'stream', 'client', 'ops']

/** Folder of src -> the other folders of src whose files it may import. Imports point one way: from later to earlier. */
export const layers = {
  domain: [],
  ...Object.fromEntries(siblings.map((name) => [name, ['domain']])),
  compose: ['domain', ...siblings],
  offline: ['domain', ...siblings, 'compose'],
  commands: ['domain', ...siblings, 'compose', 'offline'],
}

/** Files directly in src: the ones that wire may be imported by nobody below them. */
export const roots = {
  errors: { mayImport: [], importedBy: 'all' },
  nearest: { mayImport: [], importedBy: 'all' },
  access: { mayImport: [], importedBy: [] },
  configKeys: { mayImport: [], importedBy: [] },
  config: { mayImport: ['domain'], importedBy: ['compose', 'commands'] },
  dispatch: { mayImport: Object.keys(layers), importedBy: [] },
  main: { mayImport: Object.keys(layers), importedBy: [] },
}

/** What only a file named `*.<kind>.ts` may import. */
export const waiting = {
  kafka: ['kafkajs', 'net', 'tls'],
  redis: ['ioredis'],
  http: ['http', 'https', 'http2', 'net', 'tls'],
  file: ['fs', 'fs/promises'],
}

/** Packages of one folder. */
export const owned = { ops: ['prom-client', 'pino'] }

/** Names of node:net that only compute. */
export const pureNames = { net: ['isIP', 'isIPv4', 'isIPv6', 'BlockList'] }
