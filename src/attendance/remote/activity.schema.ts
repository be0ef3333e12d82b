import { z } from '@hono/zod-openapi'
import { dateAnswer, idAnswer } from '../../platform/http/entity.ts'
import { civilDate, instant, paragraphs, text } from '../../platform/text.ts'
import { activityEvidence } from '../ledger/ledger-event.ts'

/** `declared`: by the learner, and waiting for a trainer to look at it. */
const activityStates = ['open', 'declared', 'done', 'notDone'] as const
export type ActivityState = (typeof activityStates)[number]

const help = {
  doneOn: 'Civil date of the work, today at the latest; always with `done` and only with it.',
  evidence:
    'What the decision rests on («effectivité du suivi»): work handed in, an assessment, a trace of the platform, an exchange with the learner. Always with a trainer’s or an admin’s `done`, and only with it.',
  note: 'In words, where the work is to be found; kept apart from the ledger.',
  minutes: 'What it is worth: the estimated minutes, once it was decided that it is done.',
}

export const activityInput = z
  .strictObject({
    done: z.boolean().describe('False takes back what was said, or decides that it was not done.'),
    doneOn: civilDate().nullish().describe(help.doneOn),
    evidence: z.enum(activityEvidence).nullish().describe(help.evidence),
    note: paragraphs(2_000).nullish().describe(help.note),
    reason: text(1_000).nullish().describe('Why evidence is corrected; needed once the session is closed.'),
  })
  .superRefine(({ done, doneOn, evidence }, context) => {
    const issue = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message })
    if (done && doneOn == null) issue('doneOn', 'is needed with done')
    if (!done && doneOn != null) issue('doneOn', 'is given with done only')
    if (!done && evidence != null) issue('evidence', 'is given with done only')
  })
export type ActivityInput = z.output<typeof activityInput>

const activityFields = {
  activityId: idAnswer(),
  title: z.string(),
  estimatedMinutes: z.int().describe('The average time it takes.'),
  instructions: z.string().nullable().describe('What is to be done and handed in, in words for the learner.'),
}

const completionFields = {
  state: z.enum(activityStates).describe('`declared`: by the learner, waiting for a trainer to look at it.'),
  doneOn: dateAnswer().nullable(),
  minutes: z.int().describe(help.minutes),
  evidence: z.enum(activityEvidence).nullable().describe(help.evidence),
  note: z.string().nullable().describe(help.note),
  decidedAt: instant().nullable().describe('When it was declared or decided.'),
}

export const learnerActivityAnswer = z
  .object({ enrolmentId: idAnswer(), ...activityFields, ...completionFields })
  .openapi('LearnerActivity')

export const learnerActivitiesAnswer = z
  .object({ activities: z.array(learnerActivityAnswer).describe('In the order of the training.') })
  .openapi('LearnerActivities')

export const sessionActivitiesAnswer = z
  .object({
    activities: z.array(z.object(activityFields)).describe('In the order of the training.'),
    learners: z
      .array(
        z.object({
          enrolmentId: idAnswer(),
          name: z.string(),
          activities: z.array(z.object({ activityId: idAnswer(), ...completionFields })),
        }),
      )
      .describe('By name; every learner with every activity.'),
  })
  .openapi('SessionActivities')
