import { describe, expect, it } from 'vitest'
import { startProblems } from '../../../src/stream/startTopics.ts'
import { topicNames } from '../../../src/stream/topicSpec.ts'

const topics = topicNames('eu.')
const sound = new Map([
  ['eu.payments', 12],
  ['eu.decisions', 12],
  ['eu.audit', 3],
  ['eu.notices', 3],
  ['eu.dead-letters', 1],
])
const without = (name: string) => new Map([...sound].filter(([each]) => each !== name))

describe('what speaks against reading payments', () => {
  it('is nothing where decisions have as many partitions as payments, or more', () => {
    expect(startProblems(topics, sound)).toEqual([])
    expect(startProblems(topics, new Map([...sound, ['eu.decisions', 13]]))).toEqual([])
  })

  it('is a partition of payments whose decisions have no place', () => {
    const [problem, ...more] = startProblems(topics, new Map([...sound, ['eu.decisions', 11]]))
    expect(problem).toMatch(/^eu\.decisions has 11 partitions, expected at least 12 as eu\.payments has/)
    expect(more).toEqual([])
  })

  it.each([...sound.keys()])('is that %s is not there', (name) => {
    const problems = startProblems(topics, without(name))
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(`${name} does not exist`)
  })
})
