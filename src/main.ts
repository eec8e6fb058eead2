#!/usr/bin/env node
import { commandTable } from './commands/table.ts'
import { dispatch } from './dispatch.ts'

// A reader that went away (`sluice replay | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

process.exitCode = await dispatch(commandTable, process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
})
