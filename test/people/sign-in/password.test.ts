import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { hashPassword, verifyPassword } from '../../../src/people/sign-in/password.ts'
import { argon2id } from '../../../src/platform/argon2id.ts'

const password = 'quatre chaises sous le tilleul'

it('a password is proved by its hash, which is another one each time it is set', async () => {
  const [one, other] = [await hashPassword(password), await hashPassword(password)]
  expect(one).not.toBe(other)
  expect(await verifyPassword(password, one)).toBe(true)
  expect(await verifyPassword(password, other)).toBe(true)
  expect(await verifyPassword(`${password} `, one)).toBe(false)
})

it('a password stored at the cost of another version is proved at that cost', async () => {
  const salt = randomBytes(16)
  const tag = await argon2id(password, salt, { memory: 19_456, passes: 2 })
  const stored = `$argon2id$v=19$m=19456,t=2,p=1$${unpadded(salt)}$${unpadded(tag)}`
  expect(await verifyPassword(password, stored)).toBe(true)
  expect(await verifyPassword('un autre mot de passe', stored)).toBe(false)
})

it('a composed and a decomposed accent are one', async () => {
  const stored = await hashPassword('été à la plage'.normalize('NFD'))
  expect(await verifyPassword('été à la plage'.normalize('NFC'), stored)).toBe(true)
})

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
