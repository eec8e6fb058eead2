import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { rank } from '../../../../src/offline/metrics/ranking.ts'
import { evenEnds } from '../../../../src/offline/report/curves.ts'
import { page, plots, table } from '../../../../src/offline/report/page.ts'
import { rocPlot, scoreHistogram } from '../../../../src/offline/report/plots.ts'

const browser = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
)
if (browser === undefined) console.warn('no Chromium here: the page is not loaded in a real browser')

const folder = mkdtempSync(join(tmpdir(), 'sluice-page-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The document as the browser understands it, with what it complained of. */
const load = (html: string): { readonly dom: string; readonly complaints: string } => {
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
  expect(run.status, run.stderr).toBe(0)
  return {
    dom: run.stdout,
    complaints: run.stderr
      .split('\n')
      .filter((line) => line.includes('CONSOLE'))
      .join('\n'),
  }
}

const ranking = rank([0.9, 0.8, 0.3, 0.1], [1, 0, 1, 0])

it.skipIf(browser === undefined)(
  'a page is whole in a real browser, which asks for nothing else',
  { timeout: 90_000 },
  () => {
    const html = page(
      'A report',
      ['of two models'],
      [
        {
          title: 'Plots',
          content: [
            plots([
              rocPlot([{ name: 'one', value: ranking }]),
              scoreHistogram({ ends: evenEnds(0, 1, 2), series: [{ name: 'one', heights: [3, 1] }] }),
            ]),
            table(['name', 'value'], [['<script>document.title="taken"</script>', 1]]),
          ],
        },
      ],
    )
    const { dom, complaints } = load(html)
    expect(complaints).toBe('')
    expect(dom).toContain('<title>A report</title>')
    expect(dom.match(/<svg /g)).toHaveLength(2)
    // The browser's parser closes what is left open: equal counts say that nothing was.
    expect(dom.match(/<\/section>/g)).toHaveLength(html.match(/<section>/g)?.length ?? NaN)
    expect(dom).toContain('&lt;script&gt;')
  },
)
