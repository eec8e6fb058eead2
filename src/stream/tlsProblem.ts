const meanings: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody we trust',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody we trust',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate is signed by nobody we trust',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by nobody we trust',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by nobody we trust',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'it wants a certificate of ours, and none was given',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'it does not take our certificate',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'our certificate has expired',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'it does not take our certificate',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'our certificate is signed by nobody it trusts',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS at this port',
}

/** What a failure of TLS means to who must mend it; null where the code is none of them. */
export const tlsProblem = (code: string | undefined): string | null => meanings[code ?? ''] ?? null
