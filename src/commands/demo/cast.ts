/** Who and what the scenes are played with, found among what the files brought. */
import { listCatalogue } from '../../catalogue/catalogue.service.ts'
import { listChapters } from '../../organisation/organisation.service.ts'
import { listAccounts } from '../../people/account.service.ts'
import type { Ctx } from '../../platform/ctx.ts'

/** Somebody with an account, who acts for themself. */
export type Player = { accountId: string; personId: string }

export type Cast = {
  /** In a stable order. */
  members: Player[]
  trainers: Player[]
  trainingIds: Map<string, string>
  chapterIds: Map<string, string>
}

/** At most a thousand people and two hundred trainings: the files hold fewer. */
export async function findCast(ctx: Ctx): Promise<Cast> {
  const { items: accounts } = await listAccounts(ctx, { limit: 1_000 })
  const isTrainer = (account: (typeof accounts)[number]) =>
    account.roleGrants.some(({ role }) => role === 'trainer')
  const { items: trainings } = await listCatalogue(ctx, { limit: 200 })
  return {
    members: accounts.filter((account) => !isTrainer(account)).map(playerOf),
    trainers: accounts.filter(isTrainer).map(playerOf),
    trainingIds: new Map(trainings.map((training) => [training.code, training.id])),
    chapterIds: new Map((await listChapters(ctx)).map((chapter) => [chapter.name, chapter.id])),
  }
}

function playerOf({ id, personId }: { id: string; personId: string }): Player {
  return { accountId: id, personId }
}
