import { keyVersion } from './keys.ts'

type RedisRight = {
  /** What it is for; for those that are not required, what is worse without them. */
  readonly purpose: string
  /** Without it a processor does not work. */
  readonly required: boolean
}

/** What a processor asks of Redis, as ACL rules name it. AUTH and HELLO need no right. */
export const redisRights = {
  get: { required: true, purpose: 'reads histories, coverage markers, device states and what was used once' },
  getrange: { required: true, purpose: 'reads what was added to a history, and the stamp of a device state' },
  set: {
    required: true,
    purpose: 'journals answers, writes coverage markers, device states and what was used once',
  },
  append: { required: true, purpose: 'adds payments and outcomes to histories' },
  pexpire: { required: true, purpose: 'lets histories expire' },
  evalsha: {
    required: true,
    purpose: 'runs the scripts that do all of this in one call, and one that asks whether Redis is back',
  },
  eval: { required: true, purpose: 'loads those scripts where Redis does not know them' },
  strlen: { required: false, purpose: 'folds long histories, which grow without it' },
  info: {
    required: false,
    purpose: 'waits while Redis loads its data; tells sluice doctor how it is set up',
  },
  'cluster|nodes': { required: false, purpose: 'finds the masters of a cluster: there it is required' },
  'client|setname': { required: false, purpose: 'shows the instance in CLIENT LIST' },
} as const satisfies Readonly<Record<string, RedisRight>>

export type RedisCommand = keyof typeof redisRights

export const redisCommands: readonly RedisCommand[] = (Object.keys(redisRights) as RedisCommand[]).toSorted()

/** Every key of Sluice's. */
export const redisKeyPattern = `${keyVersion}:*`

/** What ACL SETUSER grants to the user of a processor, beside its password. */
export const aclRules: readonly string[] = [
  `~${redisKeyPattern}`,
  ...redisCommands.map((command) => `+${command}`),
]
