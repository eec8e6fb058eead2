import { stixId } from './stixId.ts'

/** The id of the extension that docs/sharing.md describes. */
export const extensionId = stixId('extension-definition', 'payment-identifier', '1')

/** The type of observable that the patterns speak of. */
export const observableType = 'payment-identifier'

export const extensionText = [
  `${observableType}: a cyber-observable object for what identifies a party or an instrument of a payment, without`,
  'the identifier itself. Properties: kind (payee, device, ip, email, phone), key_id (which key hashed it), hmac_sha256',
  '(hexadecimal; HMAC-SHA-256 with that key over the kind, a line feed and the identifier in UTF-8; an IPv6 address as',
  'RFC 5952 writes it). Indicators and sightings bear the same in a property extension; a sighting also payment_ref,',
  'the keyed hash of the payment it comes from.',
].join(' ')
