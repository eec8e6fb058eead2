import { installedVersion, partOfKafkajs, provedVersion } from './installedKafkajs.kafka.ts'
import { encodeProduce, type ProduceRequest } from './produce/request.ts'

/** The body is the same in all of them; an earlier one carries message sets instead of record batches. */
const firstApiVersion = 3
const lastApiVersion = 7

/** The part of kafkajs's Encoder that the frame around a request's body reads. */
type Encoded = { readonly buf: Buffer; readonly buffer: Buffer; readonly size: () => number }
type Request = { readonly encode: () => Promise<Encoded> }
type Exchange = { readonly request: Request; readonly response: unknown }
type CreateExchange = (asked: ProduceRequest) => Exchange
type Definition = {
  protocol: (of: { readonly version: number }) => CreateExchange
}

/** What the patch touches; the tests hand in other parts. */
export type ProduceParts = { readonly version: string; readonly produce: Definition }

const done = new WeakSet<Definition>()

/**
 * kafkajs encodes each record, header and batch into a zeroed buffer of its own and copies them into each other. This
 * puts an encoder of the same bytes in its place; what that one cannot encode, kafkajs still does, and it reads the
 * responses. The definition of the request is changed only in the version that this was proved with.
 * @returns whether the encoder is in place now
 */
export const patchProduceEncoding = (
  warn: (message: string) => void,
  { version, produce }: ProduceParts = loadProduce(),
): boolean => {
  if (done.has(produce)) return true
  if (version !== provedVersion) {
    warn(
      `kafkajs ${version}: its encoding of produce requests is left as it is, as ours was proved with ${provedVersion} only; expect more CPU`,
    )
    return false
  }
  const theirs = produce.protocol
  produce.protocol = (of) => {
    const createExchange = theirs(of)
    return of.version < firstApiVersion || of.version > lastApiVersion
      ? createExchange
      : withOwnEncoding(createExchange)
  }
  done.add(produce)
  return true
}

const withOwnEncoding =
  (createExchange: CreateExchange): CreateExchange =>
  (asked) => {
    const { request, response } = createExchange(asked)
    const encode = async (): Promise<Encoded> => {
      const body = encodeProduce(asked, Date.now())
      return body === undefined ? request.encode() : encoded(body)
    }
    return { request: { ...request, encode }, response }
  }

const encoded = (body: Buffer): Encoded => ({ buf: body, buffer: body, size: () => body.length })

const loadProduce = (): ProduceParts => {
  const produce = partOfKafkajs('protocol/requests/produce') as Definition
  return { version: installedVersion(), produce }
}
