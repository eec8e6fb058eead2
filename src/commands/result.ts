/** What a subcommand prints: for programs, and for people. */
export type Result = { readonly json: unknown; readonly text: string }
