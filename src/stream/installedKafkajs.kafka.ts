import { createRequire } from 'node:module'

/** The version in which what we change of kafkajs was proved. */
export const provedVersion = '2.2.4'

const require = createRequire(import.meta.url)

export const installedVersion = (): string =>
  (require('kafkajs/package.json') as { readonly version: string }).version

/** A part of kafkajs that it does not export. @param file below its `src/` */
export const partOfKafkajs = (file: string): unknown => require(`kafkajs/src/${file}`)
