import { describe, expect, it } from 'vitest'
import { stixId, uuid5 } from '../../../../src/intel/out/stixId.ts'

describe('ids of STIX objects', () => {
  it('are UUIDs of version 5, as RFC 9562 has its example', () => {
    expect(uuid5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    )
  })

  it('are the same for the same parts, and others for others', () => {
    expect(stixId('indicator', 'a', 'b')).toBe(stixId('indicator', 'a', 'b'))
    const ids = [stixId('indicator', 'a', 'b'), stixId('indicator', 'ab'), stixId('sighting', 'a', 'b')]
    expect(new Set(ids.map((id) => id.split('--')[1])).size).toBe(3)
  })
})
