import { policyDeps } from '../../compose/policyDeps.ts'
import { compilePolicyText, type Policy } from '../../decision/policy.ts'
import { readPolicyText } from '../../decision/policyText.ts'
import { SluiceError } from '../../errors.ts'
import { readRegularText } from '../../model/readInside.file.ts'

/** A policy of a file, with the ids of the list entries that stand in it. @throws SluiceError POLICY_INVALID */
export const readPolicy = async (
  file: string,
): Promise<{ readonly policy: Policy; readonly entryIds: readonly string[] }> => {
  const text = await readRegularText(file).catch((cause: unknown) => {
    throw new SluiceError('POLICY_INVALID', `${file}: cannot be read`, { cause })
  })
  const read = readPolicyText(text)
  return {
    policy: compilePolicyText(read, policyDeps),
    entryIds: read.spec.lists.entries.map(({ id }) => id),
  }
}
