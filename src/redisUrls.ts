const pattern = /^(rediss?:\/\/)((?:[^/]*@)?)([^@/]+)(\/.*)?$/

/**
 * The URL of each node that is named: `redis://user:password@one:6379,two:6379` has the scheme, the user and the
 * password of all of them once. Null where the text names none.
 */
export const redisUrlsOf = (text: string): readonly string[] | null => {
  const [, scheme = '', user = '', hosts = '', path = ''] = pattern.exec(text) ?? []
  const urls = hosts.split(',').map((host) => `${scheme}${user}${host.trim()}${path}`)
  return urls.every((url) => URL.canParse(url) && new URL(url).host !== '') ? urls : null
}

/** The same with another `host:port`. */
export const redisUrlAt = (url: string, address: string): string =>
  url.replace(pattern, (_, scheme: string, user: string, _host, path: string | undefined) =>
    [scheme, user, address, path].join(''),
  )
