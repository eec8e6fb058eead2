/** Names of the two files of an artifact of format `trees`. */
export const treeFiles = { header: 'trees.json', arrays: 'trees.bin' } as const
