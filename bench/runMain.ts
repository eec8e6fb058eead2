import { describeError, exitCodeOf } from '../src/dispatch.ts'

/** A bench as it is called from the command line. */
export type BenchMain<Options> = {
  readonly help: string
  /** null: help was asked for. */
  readonly parseOptions: (args: readonly string[]) => Options | null
  /** Resolves with the exit code. */
  readonly run: (options: Options) => Promise<number>
}

/**
 * Runs it and ends the process, explicitly: a server or program that is still busy when something went wrong would keep
 * this one alive.
 */
export const runMain = async <Options>({ help, parseOptions, run }: BenchMain<Options>): Promise<never> => {
  const start = async (): Promise<number> => {
    const options = parseOptions(process.argv.slice(2))
    if (options !== null) return run(options)
    process.stdout.write(help)
    return 0
  }
  return process.exit(
    await start().catch((error: unknown) => {
      process.stderr.write(describeError(error))
      return exitCodeOf(error)
    }),
  )
}
