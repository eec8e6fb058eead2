import kafkajs, { type PartitionAssigner } from 'kafkajs'

// Node finds only some of the names that this CommonJS package exports.
const { AssignerProtocol } = kafkajs

const name = 'SluiceSole'
const version = 1

/** Gives all partitions to one member of the group, whatever their number: the others stand by. */
export const soleAssigner: PartitionAssigner = ({ cluster }) => ({
  name,
  version,
  assign: ({ members, topics }) => {
    const [first] = members.map(({ memberId }) => memberId).toSorted()
    if (first === undefined) return Promise.resolve([])
    const assignment = Object.fromEntries(
      topics.map((topic) => [
        topic,
        cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId),
      ]),
    )
    const memberAssignment = AssignerProtocol.MemberAssignment.encode({
      version,
      assignment,
      userData: Buffer.alloc(0),
    })
    return Promise.resolve([{ memberId: first, memberAssignment }])
  },
  protocol: ({ topics }) => ({
    name,
    metadata: AssignerProtocol.MemberMetadata.encode({ version, topics, userData: Buffer.alloc(0) }),
  }),
})
