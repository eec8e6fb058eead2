/** One line of progress, on standard error: standard output belongs to the command that runs next. */
export const say = (line) => process.stderr.write(`bootstrap: ${line}\n`)

/** Announces a step, runs it, and tells how long it took. */
export const step = async (what, run) => {
  say(`${what} ...`)
  const startedAt = Date.now()
  const result = await run()
  say(`${what}: done in ${Math.round((Date.now() - startedAt) / 1_000)} s`)
  return result
}
