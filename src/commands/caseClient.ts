import { setTimeout as wait } from 'node:timers/promises'
import { answerIn, openCaseClient, type CaseClient } from '../compose/caseClient.kafka.ts'
import { openKafka } from '../compose/kafka.kafka.ts'
import { readSettings } from '../config.ts'
import type { CaseCommand, CaseEntry } from '../domain/case.ts'
import { SluiceError } from '../errors.ts'
import { createLog } from '../ops/log.ts'
import { readVersion } from '../ops/version.file.ts'
import { loadSchemas } from '../stream/codec/schemas.file.ts'
import { topicNames } from '../stream/topicSpec.ts'

const retries = 4
const pollMs = 100

/** Opens the case log of SLUICE_KAFKA_BROKERS for a command, and closes it. */
export const withCases = async <Result>(use: (cases: CaseClient) => Promise<Result>): Promise<Result> => {
  const settings = readSettings()
  const wanted = settings.logLevel === 'debug' || settings.logLevel === 'trace'
  const level = wanted ? settings.logLevel : 'silent'
  const log = createLog({ level, instance: settings.instanceId, version: readVersion() }, process.stderr)
  const cases = await openCaseClient({
    kafka: openKafka(settings, log, { retries }),
    topics: topicNames(settings.topicPrefix),
    schemas: await loadSchemas(settings.schemasDir),
    groupId: settings.groupId,
  })
  try {
    return await use(cases)
  } finally {
    await cases.close()
  }
}

/**
 * Sends a command and waits for the log's answer; one that was answered before is not sent again.
 * @throws SluiceError CASE_REFUSED with the reason, KAFKA_UNAVAILABLE where no instance answers in time
 */
export const ask = (command: CaseCommand, patienceMs: number): Promise<CaseEntry> =>
  withCases(async (cases) => {
    let answer = answerIn(await cases.read(), command.commandId)
    if (answer === undefined) await cases.send(command)
    const until = performance.now() + patienceMs
    while (answer === undefined && performance.now() < until) {
      await wait(pollMs)
      answer = answerIn(await cases.read(), command.commandId)
    }
    if (answer === undefined)
      throw new SluiceError(
        'KAFKA_UNAVAILABLE',
        `no instance has answered within ${patienceMs} ms; the command stays in case-commands: ask again with --command-id ${command.commandId}`,
        { retriable: true },
      )
    if (answer.kind === 'REFUSED')
      throw new SluiceError('CASE_REFUSED', `${command.caseId}: ${answer.refusal ?? 'refused'}`)
    return answer
  })
