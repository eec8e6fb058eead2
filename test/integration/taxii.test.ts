import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../support/command.ts'
import { stixIndicator } from '../support/intel/indicators.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { sharedServers } from '../support/shared.ts'
import { credentials, startTaxiiServer, type TaxiiServer } from '../support/taxii/medallion.ts'
import { readTopic } from '../support/topicReader.ts'
import { untilTrue } from '../support/until.ts'

describe('sluice intel poll', () => {
  let scene: Scene
  let server: TaxiiServer | null
  let folder: string
  const onTopic: string[] = []
  let close = async (): Promise<void> => undefined

  const poll = async (basicFile = 'secret') => {
    const args = ['--server', server?.discovery ?? '', '--state', join(folder, 'state.json'), '--json']
    const ended = await runCommand(
      ['intel', 'poll', ...args, '--basic-file', join(folder, basicFile)],
      scene.environment,
    )
    return { ...ended, published: ended.code === 0 ? JSON.parse(ended.out).collections[0].published : null }
  }

  beforeAll(async () => {
    server = await startTaxiiServer()
    scene = await openScene(sharedServers())
    folder = await mkdtemp(join(tmpdir(), 'poll-'))
    await writeFile(join(folder, 'secret'), `${credentials}\n`)
    await writeFile(join(folder, 'wrong'), 'admin:wrong')
    const reader = await readTopic(
      scene.kafka,
      scene.topics.threatIntel,
      ({ key }) => void onTopic.push(key?.toString() ?? ''),
      (error) => {
        throw error
      },
    )
    close = reader.close
  })
  afterAll(async () => {
    await close()
    await scene.close()
    await server?.close()
    await rm(folder, { recursive: true })
  })

  it('brings each version of each object once, page by page, and then what is new', async ({ skip }) => {
    if (server === null) return skip()
    const first = Array.from({ length: 5 }, (_, i) => stixIndicator(`[x-sluice-payee:value = 'mule-${i}']`))
    await server.add(first)
    expect(await poll()).toMatchObject({ code: 0, published: 5 })
    expect(await poll()).toMatchObject({ code: 0, published: 0 })
    const newer = { ...first[0], modified: '2026-02-01T00:00:00.000Z', revoked: true }
    const other = stixIndicator("[x-sluice-payee:value = 'mule-9']")
    await server.add([newer, other])
    expect(await poll()).toMatchObject({ code: 0, published: 2 })
    await untilTrue(async () => onTopic.length >= 7)
    expect(onTopic.toSorted()).toEqual([...first, newer, other].map(({ id }) => id ?? '').toSorted())
  })

  it('with a wrong password says so and publishes nothing', async ({ skip }) => {
    if (server === null) return skip()
    const { code, err } = await poll('wrong')
    expect(code).toBe(1)
    expect(err).toContain('answered 401')
    expect(err).not.toContain('wrong')
  })
})
