import { killChild, pauseChild, stopChild, untilAnswering } from './child.mjs'

/**
 * A running server and what can be done to it. Each action resolves when the thing is so:
 * stop and kill when the process has ended, start and resume when it answers, empty when its data are gone.
 */
export const startServer = async (spec) => {
  let child
  const answering = () => untilAnswering(child, spec.answers, spec)
  const start = async () => {
    if (child?.isRunning()) throw new Error(`${spec.name} runs already`)
    child = spec.launch()
    await answering()
  }
  const running = (action) => async () => {
    if (!child.isRunning()) throw new Error(`${spec.name} does not run`)
    await action(child)
  }
  const act = {
    start,
    stop: running(stopChild),
    kill: running(killChild),
    pause: running(pauseChild),
    resume: running(async () => {
      child.signal('SIGCONT')
      await answering()
    }),
    empty: async () => {
      if (spec.empty === undefined) throw new Error(`${spec.name} cannot be emptied`)
      if (child.isRunning()) throw new Error(`${spec.name} still runs`)
      spec.empty()
    },
  }
  try {
    await start()
  } catch (error) {
    await killChild(child)
    throw error
  }
  return {
    name: spec.name,
    address: spec.address,
    mutualAddress: spec.mutualAddress,
    behindPort: spec.behindPort,
    pid: () => child.pid,
    act,
    stop: () => stopChild(child),
  }
}

/** Servers that only answer once most of them are there. */
const startTogether = async (specs) => {
  const results = await Promise.allSettled(specs.map(startServer))
  const failed = results.find(({ status }) => status === 'rejected')
  const started = results.flatMap(({ value }) => value ?? [])
  if (failed === undefined) return started
  await Promise.all(started.map((server) => server.act.kill()))
  throw failed.reason
}

/** Another process may take a free port between our look and the start: prepare and start anew, at most three times. */
export const startAnew = (prepare) => repeatedly(prepare, startServer)
export const startAllAnew = (prepare) => repeatedly(prepare, startTogether)

const repeatedly = async (prepare, start, attempts = 3) => {
  for (let attempt = 1; ; attempt++)
    try {
      return await start(await prepare())
    } catch (error) {
      if (attempt === attempts || !/in use|BindException/.test(error.message)) throw error
    }
}
