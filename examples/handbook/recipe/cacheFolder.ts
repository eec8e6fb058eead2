import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where the bootstrap keeps fetched things too: `SLUICE_CACHE`, else the user's cache folder. */
export const cacheFolder = (env: Readonly<Record<string, string | undefined>> = process.env): string =>
  env['SLUICE_CACHE'] || join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'sluice')
