import type { Added, FoundCollection } from '../../intel/taxii/collections.http.ts'
import { fieldOf, isFields } from '../../intel/stix/fields.ts'
import type { PollState } from './pollState.file.ts'

export type PollDeps = {
  readonly collections: () => Promise<readonly FoundCollection[]>
  readonly readAdded: (collection: FoundCollection, addedAfter: string | null) => AsyncIterable<Added>
  readonly publish: (
    objects: readonly unknown[],
  ) => Promise<{ readonly published: number; readonly left: number }>
  readonly state: () => Promise<PollState>
  readonly keep: (state: PollState) => Promise<void>
}

export type Polled = { readonly collection: string; readonly published: number; readonly left: number }

/** What tells a version of an object from another. */
const versionOf = (object: unknown): string | null => {
  const [id, modified] = isFields(object) ? [fieldOf(object, 'id'), fieldOf(object, 'modified')] : []
  return typeof id === 'string' && typeof modified === 'string' ? `${id} ${modified}` : null
}

/**
 * Reads what was added to each collection since the last poll and publishes it. How far a collection is read is kept
 * after the broker has what was read, so a crash publishes some versions again and loses none; the table takes the
 * same version twice without harm.
 */
export const createPoll = (deps: PollDeps): (() => Promise<readonly Polled[]>) => {
  /** One object may stand in several collections, and a server may repeat itself. */
  const seen = new Set<string>()
  const isNew = (object: unknown): boolean => {
    const version = versionOf(object)
    return version === null || !seen.has(version)
  }
  const note = (objects: readonly unknown[]): void => {
    if (seen.size > seenMax) seen.clear()
    for (const object of objects) {
      const version = versionOf(object)
      if (version !== null) seen.add(version)
    }
  }
  return async () => {
    const polled: Polled[] = []
    for (const collection of await deps.collections()) {
      const name = collection.objects.href
      let [published, left] = [0, 0]
      for await (const { objects, addedLast } of deps.readAdded(
        collection,
        (await deps.state())[name] ?? null,
      )) {
        const result = await deps.publish(objects.filter(isNew))
        note(objects)
        published += result.published
        left += result.left
        if (addedLast !== null) await deps.keep({ ...(await deps.state()), [name]: addedLast })
      }
      polled.push({ collection: collection.title, published, left })
    }
    return polled
  }
}

const seenMax = 1_000_000
