import { SluiceError } from '../../errors.ts'
import { apiRootsIn, collectionsIn, pageIn, type Collection } from './answer.ts'
import type { TaxiiRequest } from './request.http.ts'

/** Where a collection's objects are. */
export type FoundCollection = Collection & { readonly objects: URL }

/** Objects that were added, and the time up to which that is all; null: the server does not say. */
export type Added = { readonly objects: readonly unknown[]; readonly addedLast: string | null }

const inside = (base: URL, path: string): URL => {
  const url = new URL(base)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`
  url.search = ''
  return url
}

/** An API root may be named by a path; one on another server does not get our credentials. */
const rootOf = (text: string, server: URL): URL => {
  const root = new URL(text, server)
  if (root.origin === server.origin) return root
  throw new SluiceError('TAXII_FAILED', `TAXII: the API root ${root.origin} is not on ${server.origin}`)
}

/**
 * The readable collections behind a discovery, or of an API root.
 * @throws SluiceError TAXII_FAILED
 */
export const findCollections = async (
  request: TaxiiRequest,
  server: URL,
): Promise<readonly FoundCollection[]> => {
  const named = apiRootsIn((await request(server)).body).map((text) => rootOf(text, server))
  const roots = named.length > 0 ? named : [server]
  const found: FoundCollection[] = []
  for (const root of roots) {
    const { body } = await request(inside(root, 'collections/'))
    for (const collection of collectionsIn(body))
      found.push({
        ...collection,
        objects: inside(root, `collections/${encodeURIComponent(collection.id)}/objects/`),
      })
  }
  return found
}

/** A server that pages for ever is not followed. */
const pagesMax = 100_000

/**
 * The pages of what was added to a collection.
 * @param addedAfter time of the last poll, as the server stated it; null: everything
 * @param limit most objects in a page
 * @throws SluiceError TAXII_FAILED
 */
export async function* readAdded(
  request: TaxiiRequest,
  { objects }: FoundCollection,
  addedAfter: string | null,
  limit: number,
): AsyncGenerator<Added, void, undefined> {
  let next: string | null = null
  for (let pages = 0; pages < pagesMax; pages++) {
    const url = new URL(objects)
    url.searchParams.set('limit', String(limit))
    if (addedAfter !== null) url.searchParams.set('added_after', addedAfter)
    if (next !== null) url.searchParams.set('next', next)
    const { body, addedLast } = await request(url)
    const page = pageIn(body)
    yield { objects: page.objects, addedLast }
    if (page.next === null) return
    // The same token may stand for page after page, but not for nothing.
    if (page.objects.length === 0 && page.next === next)
      throw new SluiceError('TAXII_FAILED', 'TAXII: an empty page follows itself')
    next = page.next
  }
  throw new SluiceError('TAXII_FAILED', `TAXII: more than ${pagesMax} pages; ask for more objects in each`)
}
