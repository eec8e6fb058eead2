import { describe, expect, it } from 'vitest'
import { secretKeys } from '../../../src/configKeys.ts'
import { createKafkaLog } from '../../../src/ops/kafkaLog.ts'
import { createLog } from '../../../src/ops/log.ts'

const setUp = (level = 'info') => {
  const lines: string[] = []
  const log = createLog({ level, instance: 'i-1', version: '1.2.3' }, { write: (line) => lines.push(line) })
  return { log, lines, parsed: () => lines.map((line): unknown => JSON.parse(line)) }
}

describe('createLog', () => {
  it('writes one JSON object a line, with service, instance, version, level and time', () => {
    const { log, parsed } = setUp()
    log.info({ partition: 3 }, 'assigned')
    expect(parsed()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        service: 'sluice',
        instance: 'i-1',
        version: '1.2.3',
        partition: 3,
        message: 'assigned',
      },
    ])
  })

  it('leaves out what is below its level', () => {
    const { log, lines } = setUp('warn')
    log.info('too quiet')
    log.warn('loud enough')
    expect(lines).toHaveLength(1)
  })

  it('writes an error with its cause', () => {
    const { log, lines } = setUp()
    log.error({ error: new Error('outer', { cause: new Error('inner') }) }, 'failed')
    expect(lines[0]).toContain('outer')
    expect(lines[0]).toContain('inner')
  })

  it('hides what is known to be secret, at the top and one level below', () => {
    const { log, lines } = setUp()
    log.info({ hashKey: 's1', redisUrl: 'redis://:s2@h', config: { feedbackKey: 's3', password: 's4' } }, 'x')
    for (const secret of ['s1', 's2', 's3', 's4']) expect(lines[0]).not.toContain(secret)
    expect(lines[0]).toContain('[secret]')
  })

  it('hides every secret of the configuration by its name', () => {
    const { log, lines } = setUp()
    const names = Object.keys(secretKeys)
    log.info({ config: Object.fromEntries(names.map((name) => [name, `value of ${name}`])) }, 'x')
    expect(names.filter((name) => lines[0]?.includes(`value of ${name}`))).toEqual([])
  })
})

describe('createKafkaLog', () => {
  const entry = (level: number) => ({
    namespace: 'Connection',
    level,
    label: '',
    log: { timestamp: 't', logger: 'kafkajs', message: 'm', broker: 'b:1' },
  })

  it.each([
    [1, 'error'],
    [2, 'warn'],
    [4, 'info'],
    [5, 'debug'],
  ])("writes kafkajs's level %i as %s", (kafkajsLevel, level) => {
    const { log, parsed } = setUp('trace')
    createKafkaLog(log)()(entry(kafkajsLevel))
    expect(parsed()).toEqual([
      expect.objectContaining({ level, message: 'm', broker: 'b:1', kafkajs: 'Connection' }),
    ])
  })

  it("leaves kafkajs's own time and name out", () => {
    const { log, parsed } = setUp()
    createKafkaLog(log)()(entry(4))
    expect(parsed()[0]).not.toHaveProperty('timestamp')
    expect(parsed()[0]).not.toHaveProperty('logger')
  })
})
