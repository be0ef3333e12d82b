/** What a session takes from the slices below: the training's version, chapters, clients. */
import type { Kysely } from 'kysely'
import type { CertificationLevel, Objective } from '../catalogue/catalogue.schema.ts'
import type { Database } from '../database.ts'
import type { ClientKind } from '../organisation/organisation.schema.ts'

/** The version in the catalogue now; none of a draft, nor of an archived training. */
export async function findPublishedVersionId(
  db: Kysely<Database>,
  trainingId: string,
): Promise<string | undefined> {
  const training = await db
    .selectFrom('training')
    .select('publishedVersionId')
    .where('id', '=', trainingId)
    .where('status', '=', 'published')
    .executeTakeFirst()
  return training?.publishedVersionId ?? undefined
}

type VersionToHold = {
  trainingCode: string
  nsfCode: string | null
  objective: Objective | null
  certificationLevel: CertificationLevel | null
}

/** What a session copies from the version of the training that it holds. */
export async function findVersionToHold(
  db: Kysely<Database>,
  versionId: string,
): Promise<VersionToHold | undefined> {
  return db
    .selectFrom('trainingVersion')
    .innerJoin('training', 'training.id', 'trainingVersion.trainingId')
    .leftJoin('certification', 'certification.id', 'trainingVersion.certificationId')
    .select(['training.code as trainingCode', 'nsfCode', 'objective', 'level as certificationLevel'])
    .where('trainingVersion.id', '=', versionId)
    .executeTakeFirst()
}

export type Named = {
  chapterId?: string | null | undefined
  privateClientId?: string | null | undefined
  subcontractClientId?: string | null | undefined
}

/** What the ids that a request names belong to, in one statement. */
export async function findNamed(
  db: Kysely<Database>,
  named: Named,
): Promise<{ chapterId: string | null; privateClientId: string | null; subcontractKind: ClientKind | null }> {
  return db
    .selectNoFrom((eb) => [
      eb
        .selectFrom('chapter')
        .select('id')
        .where('id', '=', named.chapterId ?? null)
        .as('chapterId'),
      eb
        .selectFrom('client')
        .select('id')
        .where('id', '=', named.privateClientId ?? null)
        .as('privateClientId'),
      eb
        .selectFrom('client')
        .select('kind')
        .where('id', '=', named.subcontractClientId ?? null)
        .as('subcontractKind'),
    ])
    .executeTakeFirstOrThrow()
}
