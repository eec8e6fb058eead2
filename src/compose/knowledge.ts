import type { Config } from '../config.ts'
import { createEndOfLife } from '../features/osEndOfLife.ts'
import { readEndOfLife } from '../features/osEndOfLife.file.ts'
import { createVulnerabilities } from '../features/vulnerabilities.ts'
import type { Log } from '../ops/log.ts'
import type { Metrics } from '../ops/metrics.ts'
import type { SideDecoderDeps } from '../stream/codec/sideDecoder.ts'
import type { TopicNames } from '../stream/topicSpec.ts'
import { readContactHash } from './contactHash.file.ts'
import { createInPieces, nextTurn, pieceMs } from './inPieces.ts'
import { openIntelligence } from './intelligence.ts'
import { createEmptyLists, tableOfLists } from './policyLists.ts'
import { openTable, type OpenTable, type TableDeps } from './tables.kafka.ts'
import { tableOfVulnerabilities } from './tablesOfVulnerabilities.ts'

export type KnowledgeDeps = {
  readonly config: Config
  readonly topics: TopicNames
  readonly metrics: Metrics
  readonly log: Log
  readonly now: () => number
  readonly monotonic: () => number
}

/** What an instance holds in memory of the world outside of payments: lists, intelligence, vulnerabilities. */
export const openKnowledge = async ({ config, topics, metrics, log, now, monotonic }: KnowledgeDeps) => {
  const vulnerabilities = createVulnerabilities()
  const endOfLife = createEndOfLife(await readEndOfLife(config.osEndOfLifeDir))
  const lists = createEmptyLists()
  const threatIntel = openIntelligence({
    topic: topics.threatIntel,
    hashKey: config.hashKey(),
    hashContact: await readContactHash(config.contactHashKeyFile),
    sharingKey: config.sharingKey?.() ?? null,
    maxBytes: config.maxMessageBytes,
    metrics,
    log,
    monotonic,
    now,
  })
  return {
    lists,
    vulnerabilities,
    systems: { vulnerabilities, endOfLife },
    intelligence: threatIntel.intelligence,
    /** The topics that it is read from; nothing is known until they are started. */
    openTables: (deps: TableDeps, decoderDeps: SideDecoderDeps): readonly OpenTable[] => [
      openTable(deps, tableOfLists({ topic: topics.policyLists, lists, ...decoderDeps })),
      openTable(deps, threatIntel.spec),
      openTable(
        deps,
        tableOfVulnerabilities(
          topics.vulnerabilities,
          vulnerabilities,
          decoderDeps,
          metrics.setUnmatchable,
          createInPieces({ monotonic, rest: nextTurn, budgetMs: pieceMs }),
        ),
      ),
    ],
  }
}

export type Knowledge = Awaited<ReturnType<typeof openKnowledge>>
