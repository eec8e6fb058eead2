/** What every file in this folder that is a command exports. */
export type Command = {
  /** One line for the list of commands. */
  readonly summary: string
  /** Gives the exit code: 0 only for success. A wrong call is SluiceError USAGE, which makes it 2. */
  readonly run: (args: readonly string[]) => Promise<number>
}

/** A command that is imported only when it is called, so that `sluice topics` never loads TensorFlow. */
export type CommandEntry = { readonly summary: string; readonly load: () => Promise<Command> }

export type CommandTable = Readonly<Record<string, CommandEntry>>
