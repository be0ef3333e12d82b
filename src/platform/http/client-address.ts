/** Who is at the other end: behind a reverse proxy, the socket knows only the proxy. */
import { BlockList, isIP } from 'node:net'
import type { Context } from 'hono'

/** Says whether an address is a proxy's whose `X-Forwarded-For` is believed. */
export type TrustedProxies = (address: string) => boolean

const loopback = ['127.0.0.0/8', '::1/128']

/**
 * Reads a list of addresses, networks (`10.0.0.0/8`) and the word `loopback`, separated by commas; `none` trusts
 * nobody. Throws an error that names the part which is neither.
 */
export function trustedProxies(list: string): TrustedProxies {
  const networks = new BlockList()
  const parts = list.split(',').map((part) => part.trim())
  for (const part of parts.flatMap((part) => (part === 'loopback' ? loopback : part))) {
    if (part !== 'none') addNetwork(networks, part)
  }
  return (address) => networks.check(address, familyOf(address))
}

function addNetwork(networks: BlockList, part: string): void {
  const [address = '', prefix, ...rest] = part.split('/')
  const family = familyOf(address)
  const longest = family === 'ipv6' ? 128 : 32
  const length = prefix === undefined ? longest : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1
  if (isIP(address) === 0 || rest.length > 0 || length < 0 || length > longest)
    throw new Error(`${part || 'an empty part'} is no address, no network, not "loopback" and not "none"`)
  networks.addSubnet(address, length, family)
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}

/**
 * The client's address, in one spelling. Each proxy writes at the right of `X-Forwarded-For` whom it heard, so the list
 * is read from there for as long as a trusted proxy wrote it; what stands further left, anybody can have sent.
 * Undefined where there is no socket, as in a request made inside this process.
 */
export function clientAddress(c: Context, isTrusted: TrustedProxies): string | undefined {
  let address = plainAddress(socketAddress(c) ?? '')
  const forwarded = (c.req.header('x-forwarded-for') ?? '').split(',').slice(-20).reverse()
  for (const part of forwarded) {
    if (address === undefined || !isTrusted(address)) break
    const before = plainAddress(part)
    if (before === undefined) break
    address = before
  }
  return address
}

/** Whether this comes from a proxy that nobody named, or from somebody who plays one. */
export function isForwardedByStranger(c: Context, isTrusted: TrustedProxies): boolean {
  const socket = plainAddress(socketAddress(c) ?? '')
  return socket !== undefined && !isTrusted(socket) && c.req.header('x-forwarded-for') !== undefined
}

function socketAddress(c: Context): string | undefined {
  const env: { incoming?: { socket?: { remoteAddress?: string } } } | undefined = c.env
  return env?.incoming?.socket?.remoteAddress
}

/** Without port, brackets and zone; an IPv4 address that came over IPv6 as IPv4. Undefined when it is none. */
function plainAddress(written: string): string | undefined {
  const bare = written
    .trim()
    .replace(/^\[([^\]]*)\](:\d+)?$/, '$1')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
    .replace(/%.*$/, '')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1] ?? bare
  return isIP(mapped) === 0 ? undefined : mapped.toLowerCase()
}

/**
 * The address, or for IPv6 its first 64 bits: whoever has one address of such a network has all of them. Written as
 * groups of four digits, so that two spellings of a network are one.
 */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const last = tail ? tail.split(':') : []
  const zeros = tail === undefined ? 0 : 8 - groups.length - last.length
  const all = [...groups, ...Array<string>(Math.max(0, zeros)).fill('0'), ...last]
  return `${all
    .slice(0, 4)
    .map((group) => group.padStart(4, '0'))
    .join(':')}::/64`
}
