import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import kafkajs, { type Producer } from 'kafkajs'
import { createPaymentCodec } from '../../src/stream/codec/payment.ts'
import { loadSchemas, ownSchemasFolder } from '../../src/stream/codec/schemas.file.ts'
import { topicNames, type TopicNames } from '../../src/stream/topicSpec.ts'
import { processorEnvironment, startProcessor, type Processor } from '../../test/support/processor.ts'
import { runChecker } from '../../test/support/runChecker.ts'
import { steadyPayments } from '../../test/support/steadyPayments.ts'
import { countRecords, createBenchKafka, createBenchTopics } from '../client.kafka.ts'
import { readMemoryMib } from '../cpu.file.ts'
import { readTotal } from '../exposition.ts'
import { median } from '../statistics.ts'
import { hostileMessages, type Hostile } from './messages.ts'
import type { FuzzOptions } from './options.ts'
import { readFindings } from './read.kafka.ts'
import { templatesOf } from './templates.ts'
import { behind, type FuzzFindings } from './verdict.ts'

export type FuzzResult = FuzzFindings & {
  readonly seed: number
  readonly messages: number
  readonly seconds: number
  /** What the metrics say of each topic, beside what was sent there. */
  readonly counted: Readonly<Record<string, { readonly sent: number; readonly counted: number }>>
  /** Good payments answered a second: beside the hostile messages, and alone. */
  readonly goodPerSecond: { readonly alone: number; readonly beside: number; readonly ratio: number }
  /** Resident, MiB: medians of the middle and the last third of the run. */
  readonly memoryMib: { readonly middle: number; readonly last: number; readonly most: number }
  readonly problems: readonly string[]
}

export type FuzzServers = { readonly brokers: string; readonly redisUrl: string }

const chunk = 500
/** No more than so many messages wait at once: what is measured is the processor, not the topic. */
const mostBehind = 3_000
const sampleMs = 250
const tickMs = 50
const deadlineMs = 60_000
const leastRatio = 0.8
/** Below this a process is still warming up. */
const leastForMemory = 20_000
const growthFactor = 1.1
const growthMib = 24

/** What counts every record of a topic, whatever became of it: the metric, and its `table` where it has one. */
const countedBy = {
  payments: ['sluice_payments_received_total', null],
  accountEvents: ['sluice_account_events_total', null],
  deviceHealth: ['sluice_device_reports_total', null],
  riskFeedback: ['sluice_feedback_total', null],
  vulnerabilities: ['sluice_table_records_total', 'vulnerabilities'],
  threatIntel: ['sluice_table_records_total', 'threat-intel'],
  policyLists: ['sluice_table_records_total', 'policy-lists'],
  caseCommands: ['sluice_case_commands_total', null],
} as const satisfies Partial<Readonly<Record<keyof TopicNames, readonly [string, string | null]>>>
type Fuzzed = keyof typeof countedBy
const fuzzed = Object.keys(countedBy) as readonly Fuzzed[]

const readCounts = async ({ url }: Processor): Promise<Readonly<Record<Fuzzed, number>>> => {
  const text = await (await fetch(`${url}/metrics`)).text()
  const of = (topic: Fuzzed): number => {
    const [name, table] = countedBy[topic]
    const lines =
      table === null
        ? text
        : text
            .split('\n')
            .filter((line) => line.includes(`"${table}"`))
            .join('\n')
    return readTotal(lines, name)
  }
  return Object.fromEntries(fuzzed.map((topic) => [topic, of(topic)])) as Readonly<Record<Fuzzed, number>>
}

/** Sends good payments at a steady rate, whatever becomes of the others; counts what Kafka took. */
const startGood = (
  producer: Producer,
  topic: string,
  encode: (n: number) => { key: string; value: Buffer },
  perSecond: number,
) => {
  const startedAt = performance.now()
  let next = 0
  let failure: Error | null = null
  const sends: Promise<unknown>[] = []
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) * perSecond) / 1_000)
    const messages = Array.from({ length: due - next }, (_, i) => encode(next + i))
    next = due
    if (messages.length > 0)
      sends.push(producer.send({ topic, acks: -1, messages }).catch((error: Error) => (failure = error)))
  }, tickMs)
  return {
    sent: () => next,
    stop: async () => {
      clearInterval(timer)
      await Promise.all(sends)
      if (failure !== null) throw failure
    },
  }
}

const groupByTopic = (hostile: readonly Hostile[]): ReadonlyMap<Hostile['topic'], readonly Hostile[]> => {
  const groups = new Map<Hostile['topic'], Hostile[]>()
  for (const each of hostile) groups.set(each.topic, [...(groups.get(each.topic) ?? []), each])
  return groups
}

const send = async (
  producer: Producer,
  topics: TopicNames,
  hostile: readonly Hostile[],
  zipped: boolean,
): Promise<void> => {
  const byTopic = groupByTopic(hostile)
  await producer.sendBatch({
    acks: -1,
    ...(zipped ? { compression: kafkajs.CompressionTypes.GZIP } : {}),
    topicMessages: [...byTopic].map(([topic, all]) => ({
      topic: topics[topic],
      messages: all.map(({ message }) => message),
    })),
  })
}

const problemsOf = (result: Omit<FuzzResult, 'problems'>): readonly string[] => {
  const { silent, unanswered, contradictory, goodPerSecond, memoryMib, messages } = result
  const named = (what: string, all: readonly string[]): readonly string[] =>
    all.length === 0 ? [] : [`${what}: ${all.join(', ')}`]
  return [
    ...named('neither an answer nor a dead letter', silent),
    ...named('an id that can be read, and no answer', unanswered),
    ...named('two answers to one payment', contradictory),
    ...Object.entries(result.counted)
      .filter(([, { sent, counted }]) => counted < sent)
      .map(([topic, { sent, counted }]) => `${topic}: ${sent} sent, ${counted} counted`),
    ...(goodPerSecond.ratio < leastRatio
      ? [`good payments at ${goodPerSecond.ratio.toFixed(2)} of their pace`]
      : []),
    ...(messages >= leastForMemory && memoryMib.last > memoryMib.middle * growthFactor + growthMib
      ? [`memory grows: ${memoryMib.middle.toFixed(0)} MiB, then ${memoryMib.last.toFixed(0)}`]
      : []),
  ]
}

/** One run against a `sluice run` of its own, under topics of its own. */
export const fuzz = async (
  { brokers, redisUrl }: FuzzServers,
  options: FuzzOptions,
  say: (text: string) => void,
): Promise<FuzzResult> => {
  const group = `fuzz-${randomBytes(4).toString('hex')}`
  const topics = topicNames(`${group}.`)
  const kafka = createBenchKafka([brokers], group)
  const admin = kafka.admin()
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  await Promise.all([admin.connect(), producer.connect()])
  await createBenchTopics(admin, `${group}.`)
  const schemas = await loadSchemas(ownSchemasFolder)
  const codec = createPaymentCodec(schemas)
  const good = steadyPayments(`${group}-good`)
  const encodeGood = (n: number) => {
    const payment = good(n)
    return { key: payment.accountId, value: codec.encode(payment) }
  }
  const processor = await startProcessor(
    processorEnvironment({
      SLUICE_KAFKA_BROKERS: brokers,
      SLUICE_REDIS_URL: redisUrl,
      SLUICE_TOPIC_PREFIX: `${group}.`,
      SLUICE_GROUP_ID: group,
      SLUICE_DEADLINE_MS: String(deadlineMs),
      SLUICE_REDIS_TIMEOUT_MS: '10000',
    }),
  )
  say('the processor is ready')
  const memory: number[] = []
  const sampling = setInterval(
    () =>
      void readMemoryMib(processor.pid).then(
        ({ now }) => memory.push(now),
        () => undefined,
      ),
    sampleMs,
  )
  try {
    const templates = templatesOf(schemas, Date.now)
    const sent = Object.fromEntries(fuzzed.map((topic) => [topic, 0])) as Record<Fuzzed, number>
    /** Waits until the processor has counted nearly all; a processor that ended is told by the failing request. */
    const untilBehind = async (most: number, goodSent: () => number): Promise<void> => {
      for (;;) {
        const counts = await readCounts(processor)
        if (behind({ ...sent, payments: sent.payments + goodSent() }, counts) <= most) return
        say(JSON.stringify({ sent, good: goodSent(), counts, log: processor.log.slice(-2) }))
        await processor.isReady()
        await delay(sampleMs)
      }
    }

    const pace = startGood(producer, topics.payments, encodeGood, options.goodPerSecond)
    await untilBehind(mostBehind, pace.sent)
    // Warm first, then as long alone as some chunks take.
    while (pace.sent() < options.goodPerSecond * 3) await delay(sampleMs)
    const countGood = async (): Promise<{ readonly at: number; readonly received: number }> => ({
      at: performance.now(),
      received: await countRecords(admin, topics.decisions),
    })
    const perSecondBetween = (
      from: { readonly at: number; readonly received: number },
      to: { readonly at: number; readonly received: number },
    ): number => ((to.received - from.received) * 1_000) / (to.at - from.at)
    const aloneFrom = await countGood()
    while (pace.sent() < options.goodPerSecond * 8) await delay(sampleMs)
    const alone = perSecondBetween(aloneFrom, await countGood())

    const startedAt = performance.now()
    const memoryFrom = memory.length
    const goodFrom = pace.sent()
    for (let from = 0; from < options.messages; from += chunk) {
      const hostile = hostileMessages(templates, {
        seed: options.seed,
        from,
        count: Math.min(chunk, options.messages - from),
      })
      await send(producer, topics, hostile, from % (4 * chunk) === chunk)
      for (const { topic } of hostile) sent[topic as Fuzzed] += 1
      await untilBehind(mostBehind, pace.sent)
      if (from % 10_000 === 0) say(`${from} of ${options.messages} messages`)
    }
    // The backlog of good payments at the end counts against them: they are answered, or the pace was not kept.
    await untilBehind(options.goodPerSecond, pace.sent)
    const seconds = (performance.now() - startedAt) / 1_000
    const goodAnswered = pace.sent() - goodFrom - options.goodPerSecond
    const beside = Math.max(0, goodAnswered) / seconds
    const run = memory.slice(memoryFrom)
    await pace.stop()
    await untilBehind(0, pace.sent)
    const counts = await readCounts(processor)
    clearInterval(sampling)

    processor.kill('SIGTERM')
    const exit = await processor.exited
    say(`the processor ended with ${exit}; what stands in Kafka is read again`)
    const findings = await readFindings(brokers, topics)
    const checked = await runChecker({ brokers, prefix: `${group}.`, deadlineMs })
    const goodNames = [...checked.missing, ...checked.contradictory, ...checked.disordered].filter((name) =>
      name.startsWith(`${group}-good`),
    )
    const third = Math.floor(run.length / 3)
    const result = {
      ...findings,
      seed: options.seed,
      messages: options.messages,
      seconds,
      counted: Object.fromEntries(
        fuzzed.map((topic) => [
          topic,
          { sent: sent[topic] + (topic === 'payments' ? pace.sent() : 0), counted: counts[topic] },
        ]),
      ),
      goodPerSecond: { alone, beside, ratio: beside / Math.min(alone, options.goodPerSecond) },
      memoryMib: {
        middle: median(run.slice(third, 2 * third)),
        last: median(run.slice(2 * third)),
        most: Math.max(...memory),
      },
    }
    return {
      ...result,
      problems: [
        ...problemsOf(result),
        ...(exit === 0 ? [] : [`the processor ended with ${exit}: ${processor.log.slice(-5).join('\n')}`]),
        ...(goodNames.length === 0 ? [] : [`the checker names good payments: ${goodNames.join(', ')}`]),
      ],
    }
  } finally {
    clearInterval(sampling)
    await processor.end()
    await Promise.all([admin.disconnect(), producer.disconnect()])
  }
}
