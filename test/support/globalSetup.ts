import type { TestProject } from 'vitest/node'
import { startServers } from './servers.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly brokers: string
    readonly redisUrl: string
  }
}

/** One Kafka and one Redis for all integration test files; vitest calls it only when such a file is to run. */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const servers = await startServers()
  project.provide('brokers', servers.brokers)
  project.provide('redisUrl', servers.redisUrl)
  return servers.close
}
