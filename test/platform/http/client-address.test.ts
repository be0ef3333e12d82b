import fc from 'fast-check'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { clientAddress, networkOf, trustedProxies } from '../../../src/platform/http/client-address.ts'

/** The client's address of a request that came over this socket with this header. */
async function addressOf(socket: string | undefined, forwarded?: string, proxies = 'loopback') {
  const app = new Hono().get('/', (c) => c.text(clientAddress(c, trustedProxies(proxies)) ?? 'none'))
  const headers: Record<string, string> = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  const env = { incoming: { socket: { remoteAddress: socket } } }
  return (await app.request('/', { headers }, env)).text()
}

describe('the client of a request', () => {
  it('is whoever the proxy on this machine says it heard', async () => {
    expect(await addressOf('127.0.0.1', '203.0.113.7')).toBe('203.0.113.7')
    expect(await addressOf('::1', '2001:db8::7')).toBe('2001:db8::7')
    expect(await addressOf('::ffff:127.0.0.1', '203.0.113.7:5123')).toBe('203.0.113.7')
    expect(await addressOf('127.0.0.1', '[2001:DB8::7]:443')).toBe('2001:db8::7')
  })

  it('is the socket, whatever it claims, where it is no trusted proxy', async () => {
    expect(await addressOf('198.51.100.9', '203.0.113.7')).toBe('198.51.100.9')
    expect(await addressOf('127.0.0.1', '203.0.113.7', 'none')).toBe('127.0.0.1')
  })

  it('is not what it wrote itself to the left of what the proxies wrote', async () => {
    const proxies = 'loopback, 10.0.0.0/8, 2001:db8:1::/48'
    expect(await addressOf('10.1.2.3', '1.1.1.1, 203.0.113.7', proxies)).toBe('203.0.113.7')
    expect(await addressOf('10.1.2.3', '1.1.1.1, 203.0.113.7, 2001:db8:1::5, 10.9.9.9', proxies)).toBe(
      '203.0.113.7',
    )
    expect(await addressOf('10.1.2.3', 'unknown, 10.9.9.9', proxies)).toBe('10.9.9.9')
  })

  it('is the nearest that is known where the list is empty, nonsense or all proxies', async () => {
    expect(await addressOf('127.0.0.1', '')).toBe('127.0.0.1')
    expect(await addressOf('127.0.0.1', "'; drop table, <b>")).toBe('127.0.0.1')
    expect(await addressOf('127.0.0.1', '127.0.0.2, 127.0.0.3')).toBe('127.0.0.2')
    expect(await addressOf(undefined, '203.0.113.7')).toBe('none')
  })

  it('is never another one for what stands left of an address that no proxy has', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (claimed) => {
        const header = `${claimed.replaceAll(/[^\x20-\x7e]/g, '')}, 203.0.113.7`
        expect(await addressOf('127.0.0.1', header)).toBe('203.0.113.7')
      }),
      { numRuns: 200 },
    )
  })
})

describe('the network of a client', () => {
  it('is the address, and for IPv6 its first 64 bits however it is written', () => {
    expect(networkOf('203.0.113.7')).toBe('203.0.113.7')
    const spellings = ['2001:db8:0:1::7', '2001:db8:0:1:0:0:0:7', '2001:0db8::1:ffff:0:0:7']
    expect(new Set(spellings.map(networkOf))).toEqual(new Set(['2001:0db8:0000:0001::/64']))
    expect(networkOf('2001:db8:0:2::7')).toBe('2001:0db8:0000:0002::/64')
    expect(networkOf('::1')).toBe('0000:0000:0000:0000::/64')
    expect(networkOf('fe80::')).toBe('fe80:0000:0000:0000::/64')
  })
})

describe('PREAU_TRUSTED_PROXIES', () => {
  it('names addresses, networks, loopback or none, and anything else is refused by name', () => {
    expect(readConfig({}).trustedProxies('127.0.0.1')).toBe(true)
    expect(readConfig({}).trustedProxies('10.0.0.1')).toBe(false)
    const { trustedProxies } = readConfig({ PREAU_TRUSTED_PROXIES: '10.0.0.7, 2001:db8::/32' })
    expect(['10.0.0.7', '2001:db8:5::1'].map(trustedProxies)).toEqual([true, true])
    expect(['10.0.0.8', '127.0.0.1', '2001:db9::1'].map(trustedProxies)).toEqual([false, false, false])
    for (const wrong of ['10.0.0.0/33', 'example.org', '10.0.0.1/8/9', '10.0.0.1,,', '1.2.3.4/x'])
      expect(() => readConfig({ PREAU_TRUSTED_PROXIES: wrong }), wrong).toThrow(/PREAU_TRUSTED_PROXIES/)
  })
})
