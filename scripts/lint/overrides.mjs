// The overrides of .oxlintrc.json. An override replaces the whole list of the one before it, so each repeats all that
// holds for its files; the last one that matches a file counts.
import { layers, owned, pureNames, roots, waiting } from './architecture.mjs'

export const importOverrides = () => [
  restrict('src/*.ts', modules(undefined, undefined)),
  ...Object.keys(roots).map(rootOverride),
  ...Object.keys(layers).flatMap((layer) => [
    override(`src/${layer}/**/*.ts`, layer, undefined),
    ...(layer === 'domain' ? [] : Object.keys(waiting)).map((kind) =>
      override(`src/${layer}/**/*.${kind}.ts`, layer, kind),
    ),
  ]),
]

const restrict = (files, patterns) => ({
  files: [files],
  rules: { 'no-restricted-imports': ['error', { patterns }] },
})

const override = (files, layer, kind) =>
  restrict(files, [
    ...(layer === 'domain' ? [{ regex: '^([^.]|\\.\\./)', message: 'src/domain imports nothing.' }] : []),
    ...(layer === 'domain' ? [] : [directions(layer), ...modules(layer, kind)]),
  ])

const rootOverride = (name) => {
  const { mayImport } = roots[name]
  const folders = Object.keys(layers).filter((folder) => !mayImport.includes(folder))
  const forbidden =
    folders.length === 0
      ? []
      : [{ regex: `^\\./${oneOf(folders)}/`, message: `src/${name}.ts does not import these.` }]
  return restrict(`src/${name}.ts`, [
    ...forbidden,
    ...modules(undefined, name === 'config' ? 'file' : undefined),
  ])
}

const directions = (layer) => {
  const folders = Object.keys(layers).filter((folder) => folder !== layer && !layers[layer].includes(folder))
  const files = Object.keys(roots).filter(
    (name) => roots[name].importedBy !== 'all' && !roots[name].importedBy.includes(layer),
  )
  const allowed = [...layers[layer], 'errors'].join(', ')
  return {
    regex: `^(\\.\\./)+(${[...folders.map((name) => `${name}/`), ...files.map((name) => `${name}\\.ts$`)].join('|')})`,
    message: `src/${layer} may import only: ${allowed}.`,
  }
}

/** The modules that these files may not import: those of the other kinds and of the other folders. */
const modules = (layer, kind) => {
  const mine = new Set(waiting[kind] ?? [])
  const all = [...new Set(Object.values(waiting).flat())].filter((name) => !mine.has(name))
  const whole = all.filter((name) => !(name in pureNames))
  const partly = all.filter((name) => name in pureNames)
  const foreign = Object.entries(owned).filter(([folder]) => folder !== layer)
  return [
    {
      regex: moduleRegex(whole),
      message: 'A file that waits is named so: *.kafka.ts, *.redis.ts, *.http.ts, *.file.ts.',
    },
    ...partly.map((name) => ({
      regex: moduleRegex([name]),
      allowImportNames: pureNames[name],
      message: 'Sockets belong in *.http.ts and *.kafka.ts.',
    })),
    ...foreign.map(([folder, names]) => ({
      regex: moduleRegex(names),
      message: `Only src/${folder} imports this.`,
    })),
    ...(kind === 'file' && layer === undefined
      ? []
      : [{ regex: moduleRegex(['process']), message: 'Only src/config.ts reads the environment.' }]),
  ]
}

const moduleRegex = (names) => `^(node:)?${oneOf(names)}$`

const oneOf = (names) => `(${names.join('|')})`
