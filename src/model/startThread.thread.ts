import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker, type WorkerOptions } from 'node:worker_threads'

/** tsx, under which the sources run in development, does not follow into threads by itself. */
const throughTsx = (module: URL): string =>
  `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(module.href)}) })`

/**
 * Starts a module of ours as a thread: the compiled one, or the source where the sources run.
 * @param name without its extension; it lies beside the module whose `import.meta.url` is `from`
 */
export const startThread = (name: string, from: string, options: WorkerOptions): Worker => {
  const extension = path.extname(fileURLToPath(from))
  const module = new URL(`./${name}${extension}`, from)
  return extension === '.ts'
    ? new Worker(throughTsx(module), { ...options, eval: true })
    : new Worker(module, options)
}
