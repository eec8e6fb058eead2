import { faults } from './faults.ts'
import type { Fault } from './plant.ts'
import { runTests } from './runTests.ts'
import { copyTree, type Tree } from './tree.ts'

/** The first test that fails for it, or null: nobody notices. */
const catcherOf = (tree: Tree, fault: Fault): Promise<string | null> =>
  tree.withFault(fault, async () => {
    for (const file of fault.tests) {
      const [failed] = (await runTests(tree.folder, file)).failed
      if (failed !== undefined) return failed
    }
    return null
  })

/** A test that fails without any fault catches everything. */
const expectSound = async (tree: Tree, chosen: readonly Fault[]): Promise<void> => {
  for (const file of new Set(chosen.flatMap(({ tests }) => tests))) {
    const [failed] = (await runTests(tree.folder, file)).failed
    if (failed !== undefined) throw new Error(`${file} fails without any fault: ${failed}`)
  }
}

const [wanted = ''] = process.argv.slice(2)
const chosen = faults.filter(({ name }) => name.includes(wanted))
if (chosen.length === 0) throw new Error(`no fault is called ${wanted}`)
const tree = await copyTree()
try {
  await expectSound(tree, chosen)
  let survived = 0
  console.log('caught | fault | test')
  for (const fault of chosen) {
    const catcher = await catcherOf(tree, fault)
    if (catcher === null) survived++
    console.log(`${catcher === null ? 'NO ' : 'yes'} | ${fault.name} | ${catcher ?? fault.tests.join(', ')}`)
  }
  console.log(`${chosen.length - survived} of ${chosen.length} faults caught`)
  if (survived > 0) process.exitCode = 1
} finally {
  await tree.remove()
}
