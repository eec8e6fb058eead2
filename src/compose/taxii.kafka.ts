import type { Kafka } from 'kafkajs'
import type { TaxiiClient } from '../intel/taxii/clients.ts'
import { microseconds } from '../intel/taxii/query.ts'
import { startTaxii } from '../intel/taxii/server.http.ts'
import { createView } from '../intel/taxii/view.ts'
import { followTopic } from '../stream/followTopic.kafka.ts'
import { readingGroup } from './caseLog.kafka.ts'
import { addedObject } from './intelRecords.ts'

export type TaxiiDeps = {
  readonly kafka: Kafka
  readonly groupId: string
  readonly intelOut: string
  readonly clients: readonly TaxiiClient[]
  readonly institution: string
  readonly host: string
  readonly port: number
  /** Most objects that are served. */
  readonly most: number
  readonly warn: (message: string, error: unknown) => void
  readonly onCrash: (error: Error) => void
}

export type Taxii = { readonly port: number; readonly stop: () => Promise<void> }

/** Serves what is on `intel-out`. Resolves when all that is there now is served. */
export const openTaxii = async (deps: TaxiiDeps): Promise<Taxii> => {
  const view = createView(deps.most)
  let told = false
  const follower = await followTopic({
    kafka: deps.kafka,
    topic: deps.intelOut,
    groupId: readingGroup(`${deps.groupId}-taxii`),
    take: (records) => {
      for (const record of records) {
        if (record.value === null) continue
        const { object, addedUs } = addedObject(record)
        view.add({
          id: object.id,
          type: object.type,
          specVersion: object.spec_version,
          version: object.modified,
          versionUs: microseconds(object.modified),
          markingRefs: object.object_marking_refs ?? [],
          addedUs,
          text: record.value.toString(),
        })
      }
      if (view.forgotten() > 0 && !told) deps.warn('more objects than may be served: the first are not', null)
      told = view.forgotten() > 0
    },
    onCrash: deps.onCrash,
  })
  const server = await startTaxii({ ...deps, view }, deps)
  return {
    port: server.port,
    stop: async () => {
      await server.close()
      await follower.close()
    },
  }
}
