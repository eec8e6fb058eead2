import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

type Report = {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly {
    readonly message: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

export type Result = { readonly passed: number; readonly failed: readonly string[] }

const resultOf = ({ numPassedTests, testResults }: Report): Result => ({
  passed: numPassedTests,
  failed: testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
  ),
})

/** Runs one file of tests in a tree. Throws where no test ran: that proves nothing. */
export const runTests = async (folder: string, file: string): Promise<Result> => {
  const project = file.startsWith('test/integration/') ? 'integration' : 'unit'
  const report = join(folder, 'report.json')
  const vitest = join(folder, 'node_modules', 'vitest', 'vitest.mjs')
  const args = [
    vitest,
    'run',
    '--project',
    project,
    '--bail=1',
    '--reporter=json',
    `--outputFile=${report}`,
    file,
  ]
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (some: Buffer) => {
    said += some.toString()
  })
  await once(child, 'close')
  const result = resultOf(JSON.parse(await readFile(report, 'utf8')) as Report)
  if (result.passed + result.failed.length === 0) throw new Error(`no test of ${file} ran\n${said}`)
  return result
}
