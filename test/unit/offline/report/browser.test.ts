import { expect, it } from 'vitest'
import { rank } from '../../../../src/offline/metrics/ranking.ts'
import { evenEnds } from '../../../../src/offline/report/curves.ts'
import { page, plots, table } from '../../../../src/offline/report/page.ts'
import { rocPlot, scoreHistogram } from '../../../../src/offline/report/plots.ts'
import { hasBrowser, loadPage } from '../../../support/browser.ts'

const ranking = rank([0.9, 0.8, 0.3, 0.1], [1, 0, 1, 0])

it.skipIf(!hasBrowser)(
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
    const { dom, complaints } = loadPage(html)
    expect(complaints).toBe('')
    expect(dom).toContain('<title>A report</title>')
    expect(dom.match(/<svg /g)).toHaveLength(2)
    // The browser's parser closes what is left open: equal counts say that nothing was.
    expect(dom.match(/<\/section>/g)).toHaveLength(html.match(/<section>/g)?.length ?? NaN)
    expect(dom).toContain('&lt;script&gt;')
  },
)
