import { mayRead } from '../out/tlp.ts'
import { clientOf, type TaxiiClient } from './clients.ts'
import { pageOf, parseQuery, timestampOf, type Page, type Query } from './query.ts'
import type { ServedObject, View } from './view.ts'

export const taxiiType = 'application/taxii+json;version=2.1'

/** The one collection; the id is fixed, so that a reader's settings outlast every restart. */
export const collectionId = '5b6e0d2c-74a7-4f0e-8b1d-0c2a6b9f3e11'
const rootPath = '/api/'
/** A request names a path alone. */
const base = 'http://taxii.invalid'
/** Of a body that a reader may send: none is looked at. */
const maxContentLength = 1_024

export type TaxiiRequest = {
  readonly method: string
  /** With its query, as in the request line. */
  readonly url: string
  readonly authorization: string | undefined
  readonly accept: string | undefined
  /** As the reader called this server, to name the API root by. */
  readonly origin: string
}

export type TaxiiReply = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type ResourcesDeps = {
  readonly view: View
  readonly clients: readonly TaxiiClient[]
  readonly institution: string
}

const reply = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): TaxiiReply => ({
  status,
  headers: { 'content-type': taxiiType, ...headers },
  body,
})

const failure = (
  status: number,
  title: string,
  description: string,
  headers: Readonly<Record<string, string>> = {},
): TaxiiReply => reply(status, JSON.stringify({ title, description, http_status: String(status) }), headers)

const accepted = /^(?:application\/taxii\+json(?:\s*;\s*version\s*=\s*"?2\.1"?)?|application\/\*|\*\/\*)$/i

/** Whether one of the media types that the reader takes is ours. Weights do not matter where there is only one. */
const takesTaxii = (accept: string | undefined): boolean =>
  accept !== undefined &&
  accept.split(',').some((range) => accepted.test(range.replace(/;\s*q=[\d.]+/i, '').trim()))

const collection = {
  id: collectionId,
  title: 'Confirmed fraud',
  description: 'Payees, devices and addresses of payments that were confirmed as fraud, as keyed hashes',
  can_read: true,
  can_write: false,
  media_types: ['application/stix+json;version=2.1'],
}

const addedHeaders = ({ objects }: Page): Readonly<Record<string, string>> => {
  const [first, last] = [objects[0], objects.at(-1)]
  if (first === undefined || last === undefined) return {}
  return {
    'x-taxii-date-added-first': timestampOf(first.addedUs),
    'x-taxii-date-added-last': timestampOf(last.addedUs),
  }
}

/** An object's text is JSON already. */
const envelope = (page: Page, items: readonly string[], name: 'objects' | 'versions'): TaxiiReply => {
  const last = page.objects.at(-1)
  const rest = page.more && last !== undefined ? [`"more":true,"next":"${last.addedUs}"`] : []
  const list = items.length === 0 ? [] : [`"${name}":[${items.join(',')}]`]
  return reply(200, `{${[...rest, ...list].join(',')}}`, addedHeaders(page))
}

const manifestRecord = ({ id, addedUs, version }: ServedObject): string =>
  JSON.stringify({
    id,
    date_added: timestampOf(addedUs),
    version,
    media_type: 'application/stix+json;version=2.1',
  })

/** What a TAXII 2.1 server answers. Reads only; knows nothing of sockets. */
export const createResources = ({ view, clients, institution }: ResourcesDeps) => {
  const isKnown = (ids: ReadonlySet<string>, isAllowed: (object: ServedObject) => boolean): boolean => {
    for (const id of ids) {
      const object = view.get(id)
      if (object !== undefined && isAllowed(object)) return true
    }
    return false
  }

  const listing = (
    parameters: URLSearchParams,
    { tlp }: TaxiiClient,
    answer: (page: Page) => TaxiiReply,
    narrowed: Partial<Query> = {},
  ): TaxiiReply => {
    const query = parseQuery(parameters)
    if ('fault' in query) return failure(400, 'The query is wrong', query.fault)
    const isAllowed = ({ markingRefs }: ServedObject): boolean => mayRead(tlp, markingRefs)
    if (narrowed.ids !== undefined && narrowed.ids !== null && !isKnown(narrowed.ids, isAllowed))
      return notFound()
    return answer(pageOf(view, { ...query, ...narrowed }, isAllowed))
  }

  const notFound = (): TaxiiReply => failure(404, 'Not found', 'There is no such resource, or none for you')

  const ofCollection = (path: readonly string[], parameters: URLSearchParams, client: TaxiiClient) => {
    const [resource, id, versions, ...more] = path
    if (resource === undefined) return reply(200, JSON.stringify(collection))
    const texts = (page: Page): TaxiiReply =>
      envelope(
        page,
        page.objects.map(({ text }) => text),
        'objects',
      )
    if (resource === 'manifest' && id === undefined)
      return listing(parameters, client, (page) =>
        envelope(page, page.objects.map(manifestRecord), 'objects'),
      )
    if (resource !== 'objects' || more.length > 0) return notFound()
    if (id === undefined) return listing(parameters, client, texts)
    const narrowed = { ids: new Set([id]) }
    if (versions === undefined) return listing(parameters, client, texts, narrowed)
    if (versions !== 'versions') return notFound()
    return listing(
      parameters,
      client,
      (page) =>
        envelope(
          page,
          page.objects.map(({ version }) => JSON.stringify(version)),
          'versions',
        ),
      narrowed,
    )
  }

  const ofRoot = (path: readonly string[], parameters: URLSearchParams, client: TaxiiClient): TaxiiReply => {
    const [resource, id, ...rest] = path
    if (resource === undefined)
      return reply(
        200,
        JSON.stringify({ title: institution, versions: [taxiiType], max_content_length: maxContentLength }),
      )
    if (resource !== 'collections') return notFound()
    if (id === undefined) return reply(200, JSON.stringify({ collections: [collection] }))
    return id === collectionId ? ofCollection(rest, parameters, client) : notFound()
  }

  return (request: TaxiiRequest): TaxiiReply => {
    const client = clientOf(clients, request.authorization)
    if (client === null)
      return failure(401, 'Not known', 'expected a bearer token that is known', {
        'www-authenticate': 'Bearer',
      })
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return failure(403, 'Read only', 'Nobody may write to or delete from this collection')
    if (!takesTaxii(request.accept))
      return failure(406, 'Not acceptable', `expected an Accept header that takes ${taxiiType}`)
    if (!URL.canParse(request.url, base)) return notFound()
    const url = new URL(request.url, base)
    // Every resource of TAXII ends with a slash; readers forget it.
    const path = url.pathname.split('/').filter((part) => part !== '')
    if (path[0] === 'taxii2' && path.length === 1)
      return reply(
        200,
        JSON.stringify({
          title: institution,
          default: request.origin + rootPath,
          api_roots: [request.origin + rootPath],
        }),
      )
    return path[0] === 'api' ? ofRoot(path.slice(1), url.searchParams, client) : notFound()
  }
}
