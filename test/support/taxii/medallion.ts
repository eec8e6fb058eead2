import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'
import { untilTrue } from '../until.ts'

export const credentials = 'admin:Password0'
const root = 'trustgroup1'
export const collectionId = '91a7b528-80eb-42ed-a74d-c6fbd5a26116'
const mediaType = 'application/taxii+json;version=2.1'
const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`

/** OASIS's TAXII 2.1 server with one collection, and two objects in a page. */
export type TaxiiServer = {
  readonly discovery: string
  readonly add: (objects: readonly object[]) => Promise<void>
  readonly close: () => Promise<void>
}

const freePort = async (): Promise<number> => {
  const held = createServer().listen(0, '127.0.0.1')
  await once(held, 'listening')
  const { port } = held.address() as AddressInfo
  held.close()
  return port
}

const dataOf = (origin: string) => ({
  '/discovery': { title: 'Test', default: `${origin}/${root}/`, api_roots: [`${origin}/${root}/`] },
  [root]: {
    information: { title: 'Members', versions: [mediaType], max_content_length: 9_765_625 },
    status: [],
    collections: [
      {
        id: collectionId,
        title: 'Mules',
        can_read: true,
        can_write: true,
        media_types: ['application/stix+json;version=2.1'],
        objects: [],
        manifest: [],
      },
    ],
  },
})

const installed = async (): Promise<string | null> => {
  const script = fileURLToPath(new URL('../../../scripts/python.mjs', import.meta.url))
  const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url))
  try {
    return (await promisify(execFile)(process.execPath, [script, requirements])).stdout.trim()
  } catch (error) {
    process.stdout.write(`skipped: the TAXII server cannot be installed here: ${String(error)}\n`)
    return null
  }
}

/** null, and a word on why: it cannot be installed here. */
export const startTaxiiServer = async (): Promise<TaxiiServer | null> => {
  const packages = await installed()
  if (packages === null) return null
  const folder = await mkdtemp(join(tmpdir(), 'taxii-'))
  const origin = `http://127.0.0.1:${await freePort()}`
  await writeFile(join(folder, 'data.json'), JSON.stringify(dataOf(origin)))
  const [name = '', password = ''] = credentials.split(':')
  const config = {
    backend: {
      module: 'medallion.backends.memory_backend',
      module_class: 'MemoryBackend',
      filename: join(folder, 'data.json'),
    },
    users: { [name]: password },
    taxii: { max_page_size: 2 },
  }
  await writeFile(join(folder, 'config.json'), JSON.stringify(config))
  const child = spawn(
    'python3',
    ['-m', 'medallion.scripts.run', '--port', new URL(origin).port, join(folder, 'config.json')],
    { env: { ...process.env, PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1' }, stdio: 'ignore' },
  )
  const ended = once(child, 'exit')
  await untilTrue(() =>
    fetch(`${origin}/taxii2/`).then(
      () => true,
      () => false,
    ),
  )
  return {
    discovery: `${origin}/taxii2/`,
    add: async (objects) => {
      const response = await fetch(`${origin}/${root}/collections/${collectionId}/objects/`, {
        method: 'POST',
        headers: { authorization, accept: mediaType, 'content-type': mediaType },
        body: JSON.stringify({ objects }),
      })
      if (!response.ok)
        throw new Error(`the TAXII server answered ${response.status}: ${await response.text()}`)
    },
    close: async () => {
      child.kill('SIGKILL')
      await ended
      await rm(folder, { recursive: true })
    },
  }
}
