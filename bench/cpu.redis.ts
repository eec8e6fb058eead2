import type { Redis } from 'ioredis'

const fieldOf = (info: string, name: string): number =>
  Number(new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1] ?? NaN)

/** Microseconds of CPU that the server has used, system and user. */
export const readCpuMicros = async (redis: Redis): Promise<number> => {
  const info = await redis.info('cpu')
  return (fieldOf(info, 'used_cpu_user') + fieldOf(info, 'used_cpu_sys')) * 1e6
}

/** Microseconds of CPU that this process has used. */
export const nodeCpuMicros = (): number => {
  const { user, system } = process.cpuUsage()
  return user + system
}
