import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'

/** A field of a message: its number, and text or a message within. */
type Field = readonly [number: number, value: string | Uint8Array]

const message = (...fields: readonly Field[]): Uint8Array => {
  const writer = new BinaryWriter()
  for (const [number, value] of fields) {
    writer.tag(number, WireType.LengthDelimited)
    if (typeof value === 'string') writer.string(value)
    else writer.bytes(value)
  }
  return writer.finish()
}

const entry = (key: string, value: Uint8Array): Uint8Array => message([1, key], [2, value])
const functionAttribute = (name: string): Uint8Array => message([10, message([1, name])])

export type PlainNode = {
  readonly name: string
  readonly op: string
  readonly inputs?: readonly string[]
  readonly calls?: readonly string[]
}
export type PlainFunction = {
  readonly name: string
  readonly nodes: readonly PlainNode[]
  readonly attributes?: readonly string[]
}
export type PlainModel = {
  readonly nodes: readonly PlainNode[]
  readonly functions?: readonly PlainFunction[]
  readonly outputs?: readonly string[]
  readonly initialisers?: readonly string[]
  readonly restore?: string
}

export const encodeNode = ({ name, op, inputs = [], calls = [] }: PlainNode): Uint8Array =>
  message(
    [1, name],
    [2, op],
    ...inputs.map((input): Field => [3, input]),
    ...calls.map((call, at): Field => [5, entry(`f${at}`, functionAttribute(call))]),
  )

const encodeFunction = ({ name, nodes, attributes = [] }: PlainFunction): Uint8Array =>
  message(
    [1, message([1, name])],
    ...nodes.map((node): Field => [3, encodeNode(node)]),
    ...attributes.map((key): Field => [5, entry(key, message([2, 'x']))]),
  )

/** The bytes of a saved_model.pb with one graph. */
export const encodeSavedModel = (model: PlainModel): Uint8Array => {
  const { nodes, functions = [], outputs = [], initialisers = [], restore = 'restore' } = model
  const library = message(...functions.map((each): Field => [1, encodeFunction(each)]))
  const graph = message(...nodes.map((node): Field => [1, encodeNode(node)]), [2, library])
  const signature = message(...outputs.map((name, at): Field => [2, entry(`o${at}`, message([1, name]))]))
  const collection = message([1, message(...initialisers.map((name): Field => [1, name]))])
  return message(
    [1, '\u0001'],
    [
      2,
      message(
        [2, graph],
        [3, message([3, restore])],
        [4, entry('saved_model_main_op', collection)],
        [5, entry('serving_default', signature)],
      ),
    ],
  )
}
