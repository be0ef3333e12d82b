/** The clients that a file names, looked up together. Part of an import, which authorises. */
import type { TrxCtx } from '../platform/ctx.ts'
import { type Client, findClientsByNames } from './organisation.queries.ts'
import type { ClientKind } from './organisation.schema.ts'
import { ensureClient } from './organisation.service.ts'

type WantedClient = { kind: ClientKind; name: string; siret: string | null }

/**
 * As `ensureClient` for each, in one statement for those that exist. The ones with a SIRET come first, so that a name
 * which has it on one line and lacks it on another is one client. Returns them in the order in which they were wanted.
 */
export async function ensureClients(
  ctx: TrxCtx,
  wanted: readonly WantedClient[],
): Promise<{ clients: Client[]; created: number }> {
  if (wanted.length === 0) return { clients: [], created: 0 }
  const found = new Map<string, Client>()
  const remember = (client: Client) => {
    for (const key of [client.siret, nameKey(client)])
      if (key !== null && !found.has(key)) found.set(key, client)
  }
  for (const client of await findClientsByNames(ctx.db, wanted)) remember(client)
  let created = 0
  for (const one of wanted.toSorted((a, b) => Number(a.siret === null) - Number(b.siret === null))) {
    if (found.has(keyOf(one))) continue
    const client = await ensureClient(ctx, one)
    found.set(keyOf(one), client)
    remember(client)
    created++
  }
  return { clients: wanted.flatMap((one) => found.get(keyOf(one)) ?? []), created }
}

const keyOf = (client: WantedClient) => client.siret ?? nameKey(client)

// A name may be fourteen digits too.
const nameKey = ({ name }: { name: string }) => `name ${name.toLowerCase()}`
