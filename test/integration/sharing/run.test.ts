import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyChain } from '../../../src/intel/cases/verify.ts'
import { runCommand } from '../../support/command.ts'
import { aFeedback } from '../../support/happenings.ts'
import { provenFeedback } from '../../support/provenFeedback.ts'
import { startProcessor, type Processor } from '../../support/processor.ts'
import { pythonWith } from '../../support/python.ts'
import { openScene, type Scene } from '../../support/scene.ts'
import { inShort, readCases } from '../../support/sharing/cases.ts'
import { readIntelOut, sendFeedback, typesOf } from '../../support/sharing/intel.ts'
import { sharedServers } from '../../support/shared.ts'
import { untilTrue } from '../../support/until.ts'

const python = await pythonWith(path.resolve('test/support/sharing/requirements.txt'))
const token = 'reader-0123456789-0123456789-0123456789'
const clearToken = 'public-0123456789-0123456789-0123456789'
const hourMs = 3_600_000

describe('sluice run', () => {
  let scene: Scene
  let folder: string
  let first: Processor
  const started: Processor[] = []

  const start = async (): Promise<Processor> => {
    const processor = await startProcessor(scene.environment)
    started.push(processor)
    return processor
  }
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sluice-sharing-'))
    const clients = path.join(folder, 'clients')
    await writeFile(clients, `# who may read\nmember amber ${token}\nanyone clear ${clearToken}\n`)
    scene = await openScene(sharedServers(), {
      SLUICE_SHARING_KEY: 'ab'.repeat(32),
      SLUICE_INSTITUTION: 'Example Bank',
      SLUICE_TAXII_CLIENTS_FILE: clients,
      SLUICE_TAXII_PORT: '0',
    })
    first = await start()
  })
  afterAll(async () => {
    for (const each of started) await each.end()
    await scene.close()
    await rm(folder, { recursive: true })
  })

  const taxiiUrlOf = ({ log }: Processor): string => {
    const line = log.find((each) => each.includes('intelligence is served')) ?? '{}'
    return `http://127.0.0.1:${(JSON.parse(line) as { readonly taxiiPort: number }).taxiiPort}`
  }
  const cases = async (...args: readonly string[]) => {
    const { code, out, err } = await runCommand(['cases', ...args, '--json'], scene.environment)
    return { code, err, json: (out === '' ? null : JSON.parse(out)) as Record<string, unknown> & unknown[] }
  }

  it('shares what was confirmed, and serves it to each reader as far as the marking allows', async () => {
    const fraud = aFeedback({ occurredAt: Date.now() - 2 * hourMs, knownAt: Date.now() - hourMs })
    await sendFeedback(scene, [provenFeedback(scene.environment, fraud)])
    await untilTrue(async () => (await readIntelOut(scene)).length === 12)
    const objects = await readIntelOut(scene)

    const ask = async (
      pathname: string,
      as: string | null,
      accept = 'application/taxii+json;version=2.1',
    ) => {
      const authorization = as === null ? {} : { authorization: `Bearer ${as}` }
      const response = await fetch(taxiiUrlOf(first) + pathname, { headers: { accept, ...authorization } })
      return {
        status: response.status,
        body: (await response.json()) as { readonly objects?: readonly { readonly type: string }[] },
      }
    }
    const objectsPath = '/api/collections/5b6e0d2c-74a7-4f0e-8b1d-0c2a6b9f3e11/objects/'
    await untilTrue(async () => (await ask(objectsPath, token)).body.objects?.length === 12)
    expect((await ask(objectsPath, token)).body.objects).toEqual(objects)
    expect((await ask(objectsPath, clearToken)).body.objects?.map(({ type }) => type)).toEqual([
      'identity',
      'extension-definition',
      'attack-pattern',
    ])
    expect((await ask(objectsPath, null)).status).toBe(401)
    expect((await ask(objectsPath, `${token}x`)).status).toBe(401)
    expect((await ask(objectsPath, token, 'text/html')).status).toBe(406)
    expect((await ask(`${objectsPath}?limit=none`, token)).status).toBe(400)
    expect((await ask('/api/collections/other/', token)).status).toBe(404)

    await sendFeedback(scene, [
      provenFeedback(scene.environment, { ...fraud, kind: 'FALSE_POSITIVE', knownAt: Date.now() }),
    ])
    await untilTrue(async () => (await readIntelOut(scene)).length === 21)
    expect(typesOf((await readIntelOut(scene)).slice(12)).every((type) => type.endsWith('revoked'))).toBe(
      true,
    )
    const metrics = await (await fetch(`${first.url}/metrics`)).text()
    expect(metrics).toContain('sluice_intel_objects_shared_total{type="indicator"} 6')
    expect(metrics).toContain('sluice_intel_labels_held 0')
  })

  it.runIf(python !== null)('is read by a TAXII client from PyPI, page by page', async () => {
    const script = path.resolve('test/support/sharing/taxii.py')
    const ids = [...new Set((await readIntelOut(scene)).map(({ id }) => id))]
    const read = JSON.parse(await python!(script, [taxiiUrlOf(first), token])) as Record<string, unknown>
    expect(read).toMatchObject({
      title: 'Example Bank',
      collection: 'Confirmed fraud',
      canWrite: false,
      pages: [5, 5, 2],
      sightings: 3,
      one: true,
      versions: true,
      later: {},
      since: 7,
    })
    expect((read['ids'] as string[]).toSorted()).toEqual(ids.toSorted())
    expect(read['manifest']).toEqual(read['ids'])
  })

  it('opens, advances, lists and verifies cases by the command line; an instance that stood still forks nothing', async () => {
    const learned = new Date(Date.now() - 37 * hourMs).toISOString()
    const opening = ['open', '--id', 'case-1', '--subject-id', 'incident-1', '--learned', learned]
    expect(await cases(...opening)).toMatchObject({ code: 0, json: { sequence: 1, state: 'DETECTED' } })
    const refused = await cases('advance', 'case-1', '--to', 'reported')
    expect(refused).toMatchObject({ code: 1, json: null })
    expect(refused.err).toContain('expected VERIFIED or CLOSED after DETECTED, found REPORTED')
    expect((await cases('advance', 'case-1')).code).toBe(2)

    const { json } = await cases('list')
    expect(json).toMatchObject([{ caseId: 'case-1', state: 'DETECTED', breached: false, embargoUntil: null }])
    const [listed] = json as unknown as readonly [{ readonly hoursLeft: number }]
    expect(listed.hoursLeft).toBeGreaterThan(10.8)
    expect(listed.hoursLeft).toBeLessThan(11.1)
    const metrics = await (await fetch(`${first.url}/metrics`)).text()
    expect(metrics).toMatch(/sluice_cases\{state="DETECTED"\} 1/)
    expect(metrics).toMatch(/sluice_case_hours_left\{state="DETECTED"\} 1[01]\./)
    expect(metrics).toMatch(/sluice_case_warnings_total\{hours="36"\} 1/)

    first.kill('SIGSTOP')
    await start()
    expect(await cases('advance', 'case-1', '--to', 'verified')).toMatchObject({
      code: 0,
      json: { state: 'VERIFIED' },
    })
    first.kill('SIGCONT')
    expect(await cases('advance', 'case-1', '--to', 'reported')).toMatchObject({
      code: 0,
      json: { state: 'REPORTED' },
    })
    await untilTrue(first.isReady)
    expect(await cases('note', 'case-1', '--note', 'reference 17')).toMatchObject({ code: 0 })

    const { code, json: verified } = await cases('verify')
    expect({ code, verified }).toMatchObject({ code: 0, verified: { faults: [] } })
    const stored = await readCases(scene)
    expect(inShort(stored).toSorted()).toEqual(
      [
        'OPENED DETECTED',
        'WARNED 24 h',
        'WARNED 36 h',
        'REFUSED DETECTED',
        'ADVANCED VERIFIED',
        'ADVANCED REPORTED',
        'NOTED REPORTED',
      ].toSorted(),
    )
    expect(verifyChain(stored).faults).toEqual([])
  }, 120_000)

  it('finds a byte that was changed in the chain, and what was cut off', async () => {
    const { json } = await cases('verify')
    const { head } = json as unknown as {
      readonly head: { readonly sequence: number; readonly hash: string }
    }
    const anchor = `${head.sequence}:${head.hash}`
    const archive = path.join(folder, 'archive')
    expect((await cases('verify', '--expect', anchor, '--save', archive)).code).toBe(0)

    const lines = (await readCases(scene)).map(({ offset, statedHash, bytes }) => ({
      offset,
      statedHash,
      bytes: Buffer.from(bytes),
    }))
    const altered = Buffer.from(lines[3]!.bytes)
    altered[altered.length - 3] = altered[altered.length - 3]! ^ 1
    const text = (list: typeof lines): string =>
      list
        .map(({ offset, statedHash, bytes }) => `${offset} ${statedHash} ${bytes.toString('base64')}\n`)
        .join('')
    await writeFile(
      archive,
      text(lines.map((line, index) => (index === 3 ? { ...line, bytes: altered } : line))),
    )
    const changed = await cases('verify', '--file', archive)
    expect(changed).toMatchObject({ code: 1, json: { faults: [{ kind: 'changed', sequence: 4 }] } })
    await writeFile(archive, text(lines.slice(0, -1)))
    expect((await cases('verify', '--file', archive)).code).toBe(0)
    expect(await cases('verify', '--file', archive, '--expect', anchor)).toMatchObject({
      code: 1,
      json: { faults: [{ kind: 'unanchored' }] },
    })
  })
})
