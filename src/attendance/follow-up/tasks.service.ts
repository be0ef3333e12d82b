/** The list of what somebody has to do, by all that they are: learner, trainer, ambassador, admin. */
import { listWaitingNotices } from '../../enrolment/funder-notice.service.ts'
import { assertAccount, authorise, isAdmin, mandatedChapterIds } from '../../platform/access.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type FindingKind, findingKinds } from './findings.schema.ts'
import { followUpPermissions as may } from './follow-up.permissions.ts'
import * as queries from './tasks.queries.ts'
import { closeTask, foundTasks, paperTask, signTask, type Task, taughtTask, tellTask } from './tasks.rules.ts'

/** In at most six statements, whatever there is to do; the most urgent first. */
export async function listTasks(ctx: Ctx): Promise<Task[]> {
  authorise(ctx.actor, may['task.list'])
  const { personId } = assertAccount(ctx.actor)
  const now = ctx.now()
  const tasks = [
    ...(await queries.listToSign(ctx.db, personId, now)).map(signTask),
    ...(await queries.listTaught(ctx.db, personId, now)).flatMap(taughtTask),
    ...(await runningTasks(ctx)),
  ]
  const urgency = ({ dueOn }: Task) => dueOn ?? '9999'
  return tasks.sort((a, b) => (urgency(a) < urgency(b) ? -1 : Number(urgency(a) > urgency(b))))
}

/** Of who runs sessions: an ambassador those of the own chapters, an admin all, with what else is found in them. */
async function runningTasks(ctx: Ctx): Promise<Task[]> {
  const chapters = isAdmin(ctx.actor) ? 'all' : mandatedChapterIds(ctx.actor)
  if (chapters.length === 0) return []
  const kinds: readonly FindingKind[] = chapters === 'all' ? findingKinds : ['unsealed', 'unsigned']
  const tasks = [
    ...(await queries.listToClose(ctx.db, ctx.now(), chapters)).map(closeTask),
    ...foundTasks(await queries.listFoundTasks(ctx.db, kinds, chapters)),
  ]
  if (chapters !== 'all') return tasks
  return [
    ...tasks,
    ...(await listWaitingNotices(ctx, queries.mostTasks)).map(tellTask),
    ...(await queries.listWaitingPapers(ctx.db)).map(paperTask),
  ]
}
