import { SluiceError } from '../errors.ts'
import { sha256 } from './canonical.ts'
import { readRegularText } from './readInside.file.ts'

/** The text of a policy file and its hash, as active.json and approvals name it. @throws SluiceError POLICY_INVALID */
export const readPolicyFile = async (
  file: string,
): Promise<{ readonly text: string; readonly sha256: string }> => {
  try {
    const text = await readRegularText(file)
    return { text, sha256: sha256(text) }
  } catch (cause) {
    throw new SluiceError('POLICY_INVALID', `${file}: cannot be read`, { cause })
  }
}
