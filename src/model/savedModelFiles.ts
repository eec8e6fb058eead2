/** The one file that a SavedModel cannot do without. */
export const savedModelProto = 'saved_model.pb'

/** What TensorFlow reads of a SavedModel's folder, and what Keras adds. No assets: a model reads no other files. */
const known = [
  /^saved_model\.pb$/,
  /^variables\/variables\.index$/,
  /^variables\/variables\.data-\d{5}-of-\d{5}$/,
  /^fingerprint\.pb$/,
  /^keras_metadata\.pb$/,
]

export const isSavedModelFile = (inner: string): boolean => known.some((pattern) => pattern.test(inner))
