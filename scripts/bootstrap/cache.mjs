// Where everything that is fetched or built outside the project is kept.
import { homedir } from 'node:os'
import { join } from 'node:path'

export const kafkaVersion = '4.3.1'

/** `SLUICE_CACHE`, else the user's cache folder; the folder need not exist yet. */
export const cacheFolder = (env = process.env) =>
  env.SLUICE_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sluice')

export const kafkaJarsFolder = (cache = cacheFolder()) => join(cache, `kafka-${kafkaVersion}`, 'libs')
