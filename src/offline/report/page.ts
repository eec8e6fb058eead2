import { type Child, element, fragment, type Markup, styleSheet } from './markup.ts'

const css = `
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#5b6570;--rule:#d5dae0;--ground:#fff;
--s0:#1f6feb;--s1:#d9480f;--s2:#2b8a3e;--s3:#862e9c}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ed;--soft:#9aa5b1;--rule:#3a424c;--ground:#14181d;
--s0:#6ea8fe;--s1:#ff922b;--s2:#69db7c;--s3:#da77f2}}
body{margin:0 auto;padding:24px;max-width:1000px;font:15px/1.5 system-ui,sans-serif;color:var(--ink);
background:var(--ground)}
h1{font-size:24px;margin:0 0 4px}h2{font-size:18px;margin:32px 0 8px}p{margin:4px 0;color:var(--soft)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;margin:8px 0;font-variant-numeric:tabular-nums}
th,td{padding:4px 12px 4px 0;border-bottom:1px solid var(--rule);text-align:left}
td.number,th.number{text-align:right}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:16px}
.plot{width:100%;height:auto;font-size:11px;fill:var(--ink)}.plot .title{font-size:14px;font-weight:600}
.grid{stroke:var(--rule);stroke-width:1}.line{fill:none;stroke-width:2}.reference{fill:none;stroke:var(--soft);
stroke-dasharray:4 4}
.line.s0{stroke:var(--s0)}.line.s1{stroke:var(--s1)}.line.s2{stroke:var(--s2)}.line.s3{stroke:var(--s3)}
.fill.s0{fill:var(--s0)}.fill.s1{fill:var(--s1)}.fill.s2{fill:var(--s2)}.fill.s3{fill:var(--s3)}
`

export type Cell = string | number | null

/** Whole numbers as they are, others to four significant digits; what is not known is a dash. */
const cellText = (cell: Cell): string => {
  if (cell === null || (typeof cell === 'number' && Number.isNaN(cell))) return '–'
  if (typeof cell === 'string') return cell
  return Number.isInteger(cell) ? String(cell) : String(Number(cell.toPrecision(4)))
}

/** A column that holds a number is aligned to the right. */
export const table = (headings: readonly string[], rows: readonly (readonly Cell[])[]): Markup => {
  const kind = (column: number): Record<string, string> =>
    rows.some((row) => typeof row[column] === 'number') ? { class: 'number' } : {}
  const head = headings.map((heading, at) => element('th', kind(at), heading))
  const body = rows.map((row) =>
    element('tr', {}, ...row.map((cell, at) => element('td', kind(at), cellText(cell)))),
  )
  return element(
    'div',
    { class: 'scroll' },
    element('table', {}, element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...body)),
  )
}

export type Section = { readonly title: string; readonly content: readonly Child[] }

export const paragraph = (text: string): Markup => element('p', {}, text)

/** Plots beside each other where the page is wide enough. */
export const plots = (drawings: readonly Markup[]): Markup => element('div', { class: 'plots' }, ...drawings)

/** One self-contained file: no script, no font, no request to anywhere. */
export const page = (
  title: string,
  introduction: readonly string[],
  sections: readonly Section[],
): string => {
  const head = element(
    'head',
    {},
    element('meta', { charset: 'utf-8' }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', {
      'http-equiv': 'Content-Security-Policy',
      content: "default-src 'none'; style-src 'unsafe-inline'",
    }),
    element('title', {}, title),
    styleSheet(css),
  )
  const body = element(
    'body',
    {},
    element('h1', {}, title),
    fragment(introduction.map(paragraph)),
    ...sections.map((section) =>
      element('section', {}, element('h2', {}, section.title), ...section.content),
    ),
  )
  return `<!doctype html>\n${element('html', { lang: 'en' }, head, body).markup}\n`
}
