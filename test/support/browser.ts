import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const browser = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
)
if (browser === undefined) console.warn('no Chromium here: pages are not loaded in a real browser')

export const hasBrowser = browser !== undefined

export type Loaded = {
  /** The document as the browser understands it. */
  readonly dom: string
  /** What it complained of on its console. */
  readonly complaints: string
}

/** Loads a page in a real browser, with nothing beside it. @throws Error where the browser does not end well */
export const loadPage = (html: string): Loaded => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-page-'))
  try {
    const file = join(folder, 'page.html')
    writeFileSync(file, html)
    const run = spawnSync(
      browser ?? '',
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--enable-logging=stderr',
        '--log-level=0',
        `--user-data-dir=${join(folder, 'profile')}`,
        '--dump-dom',
        pathToFileURL(file).href,
      ],
      { encoding: 'utf8', timeout: 60_000 },
    )
    if (run.status !== 0) throw new Error(`the browser ended with ${run.status}: ${run.stderr}`)
    const complaints = run.stderr.split('\n').filter((line) => line.includes('CONSOLE'))
    return { dom: run.stdout, complaints: complaints.join('\n') }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
