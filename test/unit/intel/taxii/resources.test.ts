import { describe, expect, it } from 'vitest'
import { markingOf } from '../../../../src/intel/out/tlp.ts'
import { parseClients } from '../../../../src/intel/taxii/clients.ts'
import { collectionId, createResources, taxiiType } from '../../../../src/intel/taxii/resources.ts'
import { createView } from '../../../../src/intel/taxii/view.ts'
import { aServed } from '../../../support/sharing/served.ts'

const tokens = { amber: 'a'.repeat(32), green: 'g'.repeat(32), clear: 'c'.repeat(32) }
const clients = parseClients(
  Object.entries(tokens)
    .map(([tlp, token]) => `${tlp}-reader ${tlp} ${token}`)
    .join('\n'),
)
const objects = `/api/collections/${collectionId}/objects/`

const open = (most = 10) => {
  const view = createView(most)
  const answer = createResources({ view, clients, institution: 'Example Bank' })
  const ask = (url: string, over: Partial<Parameters<typeof answer>[0]> = {}) => {
    const { status, headers, body } = answer({
      method: 'GET',
      url,
      authorization: `Bearer ${tokens.amber}`,
      accept: taxiiType,
      origin: 'http://here',
      ...over,
    })
    return { status, headers, json: JSON.parse(body) as Record<string, unknown> }
  }
  return { view, ask }
}

describe('the TAXII server', () => {
  it('tells where everything is', () => {
    const { ask } = open()
    expect(ask('/taxii2/')).toMatchObject({
      status: 200,
      headers: { 'content-type': taxiiType },
      json: { title: 'Example Bank', default: 'http://here/api/', api_roots: ['http://here/api/'] },
    })
    expect(ask('/api/').json).toMatchObject({ versions: [taxiiType] })
    expect(ask('/api/collections/').json).toMatchObject({
      collections: [{ id: collectionId, can_write: false }],
    })
    expect(ask(`/api/collections/${collectionId}/`).json).toMatchObject({ can_read: true })
  })

  it.each([
    '/',
    '/other',
    '/api/other/',
    '/api/collections/other/',
    `${objects}none/`,
    `${objects}none/versions/`,
    '//[',
  ])('knows no %s', (url) => {
    expect(open().ask(url)).toMatchObject({ status: 404, json: { http_status: '404' } })
  })

  it('answers only who is known, in its own media type, and only those who read', () => {
    const { ask } = open()
    for (const authorization of [undefined, '', 'Bearer', 'Basic YTpi', `Bearer ${tokens.amber}x`])
      expect(ask(objects, { authorization })).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': 'Bearer' },
      })
    for (const accept of [
      undefined,
      'application/json',
      'application/taxii+json;version=2.0',
      'text/html, image/*',
    ])
      expect(ask(objects, { accept }).status).toBe(406)
    for (const accept of [
      '*/*',
      'application/taxii+json',
      'text/html, application/taxii+json; version=2.1;q=0.5',
    ])
      expect(ask(objects, { accept }).status).toBe(200)
    for (const method of ['POST', 'DELETE', 'PUT']) expect(ask(objects, { method }).status).toBe(403)
    expect(ask(`${objects}?limit=x`)).toMatchObject({
      status: 400,
      json: { description: expect.any(String) },
    })
  })

  it('gives each reader what its marking allows, and nobody what bears an unknown one', () => {
    const { view, ask } = open()
    view.add(aServed({ id: 'white', markingRefs: [markingOf('clear')], addedUs: 1 }))
    view.add(aServed({ id: 'green', addedUs: 2 }))
    view.add(aServed({ id: 'amber', markingRefs: [markingOf('amber')], addedUs: 3 }))
    view.add(
      aServed({
        id: 'red',
        markingRefs: ['marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed'],
        addedUs: 4,
      }),
    )
    view.add(aServed({ id: 'plain', markingRefs: [], addedUs: 5 }))
    const seen = (token: string): unknown =>
      (ask(objects, { authorization: `Bearer ${token}` }).json['objects'] as { id: string }[]).map(
        ({ id }) => id,
      )
    expect(seen(tokens.amber)).toEqual(['white', 'green', 'amber', 'plain'])
    expect(seen(tokens.green)).toEqual(['white', 'green', 'plain'])
    expect(seen(tokens.clear)).toEqual(['white', 'plain'])
    const clear = { authorization: `Bearer ${tokens.clear}` }
    expect(ask(`${objects}green/`, clear).status).toBe(404)
    expect(ask(`${objects}green/versions/`, clear).status).toBe(404)
  })

  it('serves pages with the times between which they were added, and the newest version of each object', () => {
    const { view, ask } = open()
    view.add(aServed({ id: 'one', addedUs: 1 }))
    view.add(aServed({ id: 'two', addedUs: 2 }))
    view.add(aServed({ id: 'one', addedUs: 3, version: '2026-01-06T00:00:00.000Z' }))
    expect(ask(`${objects}?limit=1`)).toMatchObject({
      json: { more: true, next: '2', objects: [{ id: 'two' }] },
      headers: {
        'x-taxii-date-added-first': '1970-01-01T00:00:00.000002Z',
        'x-taxii-date-added-last': '1970-01-01T00:00:00.000002Z',
      },
    })
    expect(ask(`${objects}?limit=1&next=2`).json).toEqual({ objects: [{ id: 'one' }] })
    expect(ask(`${objects}?limit=1&next=3`).json).toEqual({})
    expect(ask(`${objects}one/versions/`).json).toEqual({ versions: ['2026-01-06T00:00:00.000Z'] })
    expect(ask(`/api/collections/${collectionId}/manifest/?match[id]=one`).json).toEqual({
      objects: [
        {
          id: 'one',
          date_added: '1970-01-01T00:00:00.000003Z',
          version: '2026-01-06T00:00:00.000Z',
          media_type: 'application/stix+json;version=2.1',
        },
      ],
    })
  })

  it('forgets what was added first when there is too much', () => {
    const { view, ask } = open(2)
    for (const addedUs of [1, 2, 3]) view.add(aServed({ id: `id-${addedUs}`, addedUs }))
    expect(view.forgotten()).toBe(1)
    expect(ask(objects).json).toEqual({ objects: [{ id: 'id-2' }, { id: 'id-3' }] })
  })
})

describe('the list of readers', () => {
  it.each(['', '# nobody', 'name amber short', `name red ${'r'.repeat(32)}`, `name ${'r'.repeat(32)}`])(
    'is refused without a token in the message: %s',
    (text) => {
      expect(() => parseClients(text)).toThrow(/expected/)
      expect(() => parseClients(text)).not.toThrow(/rrrr/)
    },
  )
})
