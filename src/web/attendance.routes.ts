/** The pages of attendance: a learner signs, a trainer holds the sheet. */
import type { Context } from 'hono'
import { linkNotValid } from '../attendance/signing/signing.problems.ts'
import { readOwnSigning, readSigningByLink } from '../attendance/signing/signing-reading.ts'
import type { AppEnv, Router } from '../platform/http/router.ts'
import { isUuid } from '../platform/ids.ts'
import { notFound } from '../platform/problems.ts'
import { halfDayLabel, timeIn } from './french.ts'
import { sendPage } from './layout.ts'
import { isProblem } from './page-problems.ts'
import { scanPage } from './scan.page.ts'
import { sheetPage } from './sheet.page.ts'
import { readSheetView } from './sheet.page-data.ts'
import { signedIn } from './signed-in.ts'
import { linkNotValidPage, type SigningView, signingPage } from './signing.page.ts'
import { sessionOfSlot } from './web.queries.ts'

export function attendancePages(router: Router): void {
  // Before the links: `code` is no token.
  router.get('/signing/code', signedIn(openByCode))
  router.get('/signing/:token', openByLink)
  router.get(
    '/sessions/:id/sign',
    signedIn(async (c) => sendSigning(c, await readOwnSigning(c.var.ctx, idOf(c.req.param('id'))))),
  )
  router.get('/sessions/:id/attendance', signedIn(openSheet))
  router.get('/sessions/:id/scan', signedIn(openScan))
}

type Signing = Awaited<ReturnType<typeof readOwnSigning>>

function sendSigning(
  c: Context<AppEnv>,
  signing: Signing,
  more: Pick<SigningView, 'linkAction' | 'code' | 'slotId'> = {},
): Promise<Response> {
  return sendPage(c, () => signingPage({ ...viewOf(signing), ...more }))
}

function viewOf({ session, learner, slots }: Signing): SigningView {
  return {
    trainingTitle: session.title,
    learnerName: learner.name,
    slots: slots.map((slot) => ({
      id: slot.id,
      label: halfDayLabel(slot),
      state: slot.state,
      signedAt: slot.signedAt && timeIn(slot.signedAt, session.timeZone),
    })),
  }
}

async function openByLink(c: Context<AppEnv>): Promise<Response> {
  const token = c.req.param('token') ?? ''
  try {
    const linkAction = `/api/signing/${encodeURIComponent(token)}/signatures`
    return await sendSigning(c, await readSigningByLink(c.var.ctx, token), { linkAction })
  } catch (error) {
    if (isProblem(error, linkNotValid)) return sendPage(c, () => linkNotValidPage, 404)
    throw error
  }
}

/** From the QR code on the trainer's screen: the code is filled in, the half-day chosen. */
async function openByCode(c: Context<AppEnv>): Promise<Response> {
  const { slot = '', code = '' } = c.req.query()
  const slotId = idOf(slot)
  const sessionId = await sessionOfSlot(c.var.ctx.db, slotId)
  if (!sessionId) throw notFound()
  return sendSigning(c, await readOwnSigning(c.var.ctx, sessionId), {
    slotId,
    ...(/^\d{6}$/.test(code) && { code }),
  })
}

/** The page, or what it shows now for the module that runs in it. */
async function openSheet(c: Context<AppEnv>): Promise<Response> {
  const view = await readSheetView(c.var.ctx, idOf(c.req.param('id')))
  if (!c.req.header('accept')?.includes('application/json')) return sendPage(c, () => sheetPage(view))
  c.header('Cache-Control', 'no-store')
  return c.json(view)
}

/** From the QR code of a sheet on paper, which names its half-days by the ends of their ids. */
async function openScan(c: Context<AppEnv>): Promise<Response> {
  const view = await readSheetView(c.var.ctx, idOf(c.req.param('id')))
  const ends = (c.req.query('slots') ?? '').toLowerCase().split('-')
  const now = c.var.ctx.now()
  const begun = view.slots.filter(({ startsAt }) => Temporal.Instant.compare(startsAt, now) <= 0)
  const named = begun.filter(({ id }) => ends.includes(id.slice(-8)))
  return sendPage(c, () => scanPage(view, named.length > 0 ? named : begun))
}

function idOf(text: string | undefined): string {
  if (text === undefined || !isUuid(text)) throw notFound()
  return text.toLowerCase()
}
