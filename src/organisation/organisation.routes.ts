import { pageOf } from '../platform/http/pagination.ts'
import { type Router, route } from '../platform/http/router.ts'
import { organisationExamples as examples } from './organisation.examples.ts'
import { organisationPermissions as may } from './organisation.permissions.ts'
import { chapterNameTaken, noSuchPerson, notSetUp, siretTaken } from './organisation.problems.ts'
import {
  chapterAnswer,
  chapterInput,
  clientAnswer,
  clientInput,
  clientPatch,
  clientsQuery,
  organisationAnswer,
  organisationInput,
} from './organisation.schema.ts'
import * as organisation from './organisation.service.ts'

export function organisationRoutes(router: Router): void {
  route(
    router,
    {
      method: 'get',
      path: '/api/organisation',
      tag: 'Organisation',
      summary: 'The training organisation («organisme de formation»)',
      access: may['organisation.read'],
      answer: organisationAnswer,
      problems: [notSetUp],
      example: examples.readOrganisation,
    },
    ({ ctx }) => organisation.readOrganisation(ctx),
  )

  route(
    router,
    {
      method: 'put',
      path: '/api/organisation',
      tag: 'Organisation',
      summary: 'Describes the organisation; If-Match is optional',
      access: may['organisation.write'],
      body: organisationInput,
      answer: organisationAnswer,
      ifMatch: 'optional',
      problems: [noSuchPerson],
      example: examples.writeOrganisation,
    },
    ({ ctx, body, ifMatch }) => organisation.writeOrganisation(ctx, body, ifMatch),
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/chapters',
      idempotent: true,
      tag: 'Organisation',
      summary: 'Opens a chapter («antenne»)',
      access: may['chapter.create'],
      body: chapterInput,
      status: 201,
      answer: chapterAnswer,
      problems: [chapterNameTaken],
      example: examples.createChapter,
    },
    ({ ctx, body }) => organisation.createChapter(ctx, body),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/chapters',
      tag: 'Organisation',
      summary: 'All chapters, by name',
      access: may['chapter.list'],
      answer: pageOf(chapterAnswer),
      isShared: true,
      example: examples.listChapters,
    },
    async ({ ctx }) => ({ items: await organisation.listChapters(ctx), nextCursor: null }),
  )

  clientRoutes(router)
}

function clientRoutes(router: Router): void {
  route(
    router,
    {
      method: 'post',
      path: '/api/clients',
      idempotent: true,
      tag: 'Organisation',
      summary: 'A client: company, fund body («OPCO», «FAF»), public body, other OF or individual',
      access: may['client.write'],
      body: clientInput,
      status: 201,
      location: '/api/clients/{id}',
      answer: clientAnswer,
      problems: [siretTaken],
      example: examples.createClient,
    },
    ({ ctx, body }) => organisation.createClient(ctx, body),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/clients',
      tag: 'Organisation',
      summary: 'Clients by name; q filters on a part of the name',
      access: may['client.read'],
      query: clientsQuery,
      answer: pageOf(clientAnswer),
      example: examples.listClients,
    },
    ({ ctx, query }) => organisation.listClients(ctx, query),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/clients/{id}',
      tag: 'Organisation',
      summary: 'One client',
      access: may['client.read'],
      answer: clientAnswer,
      example: examples.readClient,
    },
    ({ ctx, params }) => organisation.readClient(ctx, params.id),
  )

  route(
    router,
    {
      method: 'patch',
      path: '/api/clients/{id}',
      tag: 'Organisation',
      summary: 'Changes a client',
      access: may['client.write'],
      body: clientPatch,
      ifMatch: true,
      answer: clientAnswer,
      problems: [siretTaken],
      example: examples.changeClient,
    },
    ({ ctx, params, body, ifMatch }) => organisation.changeClient(ctx, params.id, body, ifMatch),
  )
}
