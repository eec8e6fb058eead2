import type { Settings } from '../config.ts'
import { withProducer } from '../compose/intelProducer.kafka.ts'
import { createIntelPublish } from '../compose/publishIntel.kafka.ts'
import { readIntelFile, type IntelFileOptions } from '../offline/intel/readIntel.file.ts'
import { topicNames } from '../stream/topicSpec.ts'
import { createProgress } from './progress.ts'
import type { Result } from './result.ts'

/** Publishes what is in the files on the topic of threat intelligence. */
export const importFiles = (
  files: readonly string[],
  options: IntelFileOptions,
  settings: Settings,
): Promise<Result> =>
  withProducer(settings, async (producer) => {
    const publish = createIntelPublish(
      producer,
      topicNames(settings.topicPrefix).threatIntel,
      settings.maxMessageBytes,
    )
    const progress = createProgress('objects published')
    const done = []
    let published = 0
    for (const file of files) {
      const { objects, unread } = await readIntelFile(file, options)
      const result = await publish(objects)
      published += result.published
      progress.at(published)
      done.push({ file, ...result, unread: unread.length })
    }
    progress.end()
    return {
      json: { files: done },
      text: done
        .map(
          ({ file, published: sent, left, unread }) =>
            `${file}: ${sent} objects published, ${left} left out, ${unread} lines not read\n`,
        )
        .join(''),
    }
  })
