/** Text of HTML or SVG in which everything foreign is escaped. Only `element` and `fragment` make it. */
export type Markup = { readonly markup: string }

/** A string is text and is escaped; null is left out. */
export type Child = Markup | string | null

export type Attributes = Readonly<Record<string, string | number>>

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')

const textOf = (child: Child): string =>
  child === null ? '' : typeof child === 'string' ? escaped(child) : child.markup

/** Elements of HTML that have no end tag. */
const empty = new Set(['meta', 'br', 'hr'])

export const element = (name: string, attributes: Attributes, ...children: readonly Child[]): Markup => {
  const start = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
  const open = `<${name}${start.join('')}>`
  return { markup: empty.has(name) ? open : `${open}${children.map(textOf).join('')}</${name}>` }
}

export const fragment = (children: readonly Child[]): Markup => ({ markup: children.map(textOf).join('') })

/** A style sheet that we wrote ourselves: the one text that is not escaped. */
export const styleSheet = (css: string): Markup => ({ markup: `<style>${css}</style>` })
