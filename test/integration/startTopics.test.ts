import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openScene, type Scene } from '../support/scene.ts'
import { sharedServers } from '../support/shared.ts'

const project = fileURLToPath(new URL('../../', import.meta.url))

describe('an instance on topics on which payments could never be answered', () => {
  let scene: Scene
  beforeEach(async () => {
    scene = await openScene(sharedServers())
  })
  afterEach(() => scene.close())

  it('does not start where decisions have fewer partitions than payments, and says so', async () => {
    const admin = scene.kafka.admin()
    await admin.connect()
    await admin.createPartitions({ topicPartitions: [{ topic: scene.topics.payments, count: 6 }] })
    await admin.disconnect()
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', 'run'], {
      cwd: project,
      env: { ...process.env, ...scene.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let told = ''
    for (const output of [child.stdout, child.stderr]) output.on('data', (bytes) => (told += String(bytes)))
    const [code] = (await once(child, 'close')) as [number | null]
    expect(code).toBe(1)
    expect(told).toContain(
      `${scene.topics.decisions} has 4 partitions, expected at least 6 as ${scene.topics.payments} has`,
    )
  }, 120_000)
})
