// Small files that break one rule each, and some that break none.

export interface Refused {
  readonly what: string
  readonly file: string
  readonly text: string
  readonly rule: string
}

const imports = 'eslint(no-restricted-imports)'

const refusedImport = (what: string, file: string, module: string, names = '{ thing }'): Refused => ({
  what,
  file: `src/${file}`,
  text: `import ${names} from '${module}'\n\nexport const used = ${/\w+(?= })|\w+$/.exec(names)?.[0]}\n`,
  rule: imports,
})

/** What the fixtures import: one file in each folder. */
export const scenery: Readonly<Record<string, string>> = Object.fromEntries([
  ...[
    'domain',
    'features',
    'model',
    'decision',
    'intel',
    'stream',
    'client',
    'ops',
    'compose',
    'offline',
    'commands',
  ].map((folder) => [`src/${folder}/thing.ts`, 'export const thing = 1\n']),
  ['src/main.ts', "import { thing } from './commands/thing.ts'\n\nexport const main = thing\n"],
  ['src/errors.ts', 'export const thing = 1\n'],
])

const siblings = ['features', 'model', 'decision', 'intel', 'stream', 'client', 'ops']

const directions: readonly Refused[] = [
  refusedImport('an import in domain', 'domain/a.ts', '../errors.ts'),
  refusedImport('a package in domain', 'domain/b.ts', 'zod', '{ z }'),
  ...siblings.flatMap((from) => [
    ...siblings
      .filter((to) => to !== from)
      .map((to) =>
        refusedImport(`${from} importing its sibling ${to}`, `${from}/to_${to}.ts`, `../${to}/thing.ts`),
      ),
    ...['compose', 'offline', 'commands'].map((to) =>
      refusedImport(`${from} importing ${to} above it`, `${from}/up_${to}.ts`, `../${to}/thing.ts`),
    ),
    refusedImport(
      `${from} importing the configuration`,
      `${from}/config_reader.ts`,
      '../config.ts',
      '{ config }',
    ),
    refusedImport(`${from} importing main`, `${from}/of_main.ts`, '../main.ts', '{ main }'),
    refusedImport(
      `a deeper file of ${from} importing above`,
      `${from}/deep/up.ts`,
      '../../commands/thing.ts',
    ),
  ]),
  {
    what: 'a type from a sibling',
    file: 'src/features/of_type.ts',
    text: "import type { thing } from '../model/thing.ts'\n\nexport type Used = typeof thing\n",
    rule: imports,
  },
  refusedImport('compose importing offline', 'compose/up.ts', '../offline/thing.ts'),
  refusedImport('offline importing commands', 'offline/up.ts', '../commands/thing.ts'),
  refusedImport('commands importing main', 'commands/up.ts', '../main.ts', '{ main }'),
  refusedImport('nearest importing domain', 'nearest.ts', './domain/thing.ts'),
]

const waiting: readonly Refused[] = [
  refusedImport('kafkajs in a file that does not say so', 'stream/plain.ts', 'kafkajs', '{ Kafka }'),
  refusedImport('kafkajs in a Redis file', 'stream/mixed.redis.ts', 'kafkajs', '{ Kafka }'),
  refusedImport('kafkajs in a command', 'commands/plain.ts', 'kafkajs', '{ Kafka }'),
  refusedImport('ioredis in a file that does not say so', 'features/plain.ts', 'ioredis', '{ Redis }'),
  refusedImport('ioredis in a Kafka file', 'features/mixed.kafka.ts', 'ioredis', '{ Redis }'),
  refusedImport('fs', 'model/plain_a.ts', 'fs', '{ readFileSync }'),
  refusedImport('node:fs', 'model/plain_b.ts', 'node:fs', '{ readFileSync }'),
  refusedImport('node:fs/promises', 'model/plain_c.ts', 'node:fs/promises', '{ readFile }'),
  refusedImport('fs/promises in an HTTP file', 'model/plain_d.http.ts', 'fs/promises', '{ readFile }'),
  refusedImport('node:fs beside main', 'other_root.ts', 'node:fs', '{ readFileSync }'),
  refusedImport('node:http', 'ops/plain_a.ts', 'node:http', '{ createServer }'),
  refusedImport('node:https in a file of files', 'ops/plain_b.file.ts', 'node:https', '{ createServer }'),
  refusedImport('node:net', 'stream/plain_net.ts', 'node:net', '{ connect }'),
  refusedImport('prom-client outside ops', 'stream/metrics.ts', 'prom-client', '{ Counter }'),
  refusedImport(
    'prom-client in a Kafka file outside ops',
    'stream/metrics.kafka.ts',
    'prom-client',
    '{ Counter }',
  ),
  refusedImport('pino outside ops', 'compose/logging.ts', 'pino', '{ pino }'),
  refusedImport('the environment by the back door', 'features/env.ts', 'node:process', '{ env }'),
]

const promises: readonly Refused[] = [
  {
    what: 'a promise that nobody waits for',
    file: 'src/stream/floating.ts',
    text: 'const send = () => Promise.resolve(1)\n\nexport const run = () => {\n  send()\n}\n',
    rule: 'typescript(no-floating-promises)',
  },
  {
    what: 'an async function where nobody looks at the promise',
    file: 'src/stream/misused.ts',
    text: 'export const run = (xs: number[]) => {\n  xs.forEach(async (x) => {\n    await Promise.resolve(x)\n  })\n}\n',
    rule: 'typescript(no-misused-promises)',
  },
  {
    what: 'await of what is no promise',
    file: 'src/stream/thenable.ts',
    text: 'export const run = async (x: number) => {\n  const y = await x\n  return y\n}\n',
    rule: 'typescript(await-thenable)',
  },
]

const modules: readonly Refused[] = [
  {
    what: 'a cycle',
    file: 'src/features/cycle_a.ts',
    text: "import { b } from './cycle_b.ts'\n\nexport const a = (): number => b()\n",
    rule: 'import(no-cycle)',
  },
  {
    what: 'the other end of that cycle',
    file: 'src/features/cycle_b.ts',
    text: "import { a } from './cycle_a.ts'\n\nexport const b = (): number => a()\n",
    rule: 'import(no-cycle)',
  },
  {
    what: 'a cycle of types alone',
    file: 'src/features/type_cycle_a.ts',
    text: "import type { B } from './type_cycle_b.ts'\n\nexport interface A {\n  readonly b: B\n}\n",
    rule: 'import(no-cycle)',
  },
  {
    what: 'the other end of that one',
    file: 'src/features/type_cycle_b.ts',
    text: "import type { A } from './type_cycle_a.ts'\n\nexport interface B {\n  readonly a?: A\n}\n",
    rule: 'import(no-cycle)',
  },
  {
    what: 'a default export',
    file: 'src/domain/standard.ts',
    text: 'export default 1\n',
    rule: 'import(no-default-export)',
  },
  {
    what: 'a barrel',
    file: 'src/features/barrel.ts',
    text: "export * from './thing.ts'\n",
    rule: 'oxc(no-barrel-file)',
  },
  {
    what: 'the environment outside config',
    file: 'src/ops/environment.ts',
    text: 'export const level = process.env.LEVEL\n',
    rule: 'node(no-process-env)',
  },
  {
    what: 'any',
    file: 'src/model/loose.ts',
    text: 'export const loose = (x: any): boolean => x === 1\n',
    rule: 'typescript(no-explicit-any)',
  },
]

export const refused: readonly Refused[] = [...directions, ...waiting, ...promises, ...modules]

const uses = (module: string, name: string) =>
  `import { ${name} } from '${module}'\n\nexport const used = ${name}\n`

/** What the rules must leave alone. */
export const accepted: Readonly<Record<string, string>> = {
  'src/stream/ok.kafka.ts': uses('kafkajs', 'Kafka'),
  'src/stream/socket.kafka.ts': uses('node:net', 'connect'),
  'src/stream/pure_net.ts': uses('node:net', 'isIP'),
  'src/features/ok.redis.ts': uses('ioredis', 'Redis'),
  'src/model/ok.file.ts': uses('node:fs/promises', 'readFile'),
  'src/ops/ok.http.ts': uses('node:http', 'createServer'),
  'src/ops/ok_metrics.ts': uses('prom-client', 'Counter'),
  'src/ops/ok_log.ts': uses('pino', 'pino'),
  'src/features/ok.ts': uses('../domain/thing.ts', 'thing'),
  'src/features/deep/ok.ts': uses('../../errors.ts', 'thing'),
  'src/compose/ok.ts': uses('../features/thing.ts', 'thing'),
  'src/compose/ok_config.ts': uses('../config.ts', 'config'),
  'src/offline/ok.ts': uses('../stream/thing.ts', 'thing'),
  'src/commands/ok.ts': uses('../offline/thing.ts', 'thing'),
  'src/config.ts':
    "import { readFileSync } from 'node:fs'\n\nexport const config = [readFileSync, process.env.LEVEL]\n",
  'tool.config.ts': 'export default {}\n',
}
