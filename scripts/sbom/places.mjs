/**
 * The same bill of materials without what depends on where and when it was made: times, serial numbers, folders,
 * and addresses of registries.
 * @param name of the package that the bill is of: npm takes the folder's
 */
export const withoutPlaces = ({ serialNumber: _serial, metadata, components, ...bill }, name) => {
  const { timestamp: _timestamp, component, ...made } = metadata
  return {
    ...bill,
    metadata: { ...made, component: plain({ ...component, name }) },
    components: components.map(plain),
  }
}

const plain = ({ properties: _folders, externalReferences: _addresses, ...component }) => component
