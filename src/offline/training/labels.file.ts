import { SluiceError } from '../../errors.ts'
import { type Label, labelFormat } from '../files/formats.ts'
import { readRecords } from '../files/records.file.ts'

/** Labels by paymentId. */
export type Labels = ReadonlyMap<string, Label>

/** @throws SluiceError FILE_INVALID */
export const readLabels = async (file: string): Promise<Labels> => {
  const labels = new Map<string, Label>()
  for await (const label of readRecords(file, labelFormat)) {
    if (labels.has(label.paymentId))
      throw new SluiceError('FILE_INVALID', `${file}: expected one label for each paymentId`)
    labels.set(label.paymentId, label)
  }
  return labels
}
