import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { SimEvent } from '../simulator/simEvent.ts'

/** What the switch is to play, one JSON object a line. */
export const writeLiveEvents = async (file: string, events: readonly SimEvent[]): Promise<void> => {
  const handle = await open(file, 'w', 0o600)
  try {
    for (let from = 0; from < events.length; from += 1_000)
      await handle.write(
        events
          .slice(from, from + 1_000)
          .map((event) => `${JSON.stringify(event)}\n`)
          .join(''),
      )
  } finally {
    await handle.close()
  }
}

export const readLiveEvents = async (file: string): Promise<readonly SimEvent[]> => {
  const events: SimEvent[] = []
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity }))
    events.push(JSON.parse(line) as SimEvent)
  return events
}
