import { pageOf } from '../platform/http/pagination.ts'
import { type Router, route } from '../platform/http/router.ts'
import { catalogueExamples as examples } from './catalogue.examples.ts'
import { cataloguePermissions as may } from './catalogue.permissions.ts'
import { codeTaken, incomplete } from './catalogue.problems.ts'
import {
  catalogueItem,
  catalogueProgramme,
  catalogueQuery,
  trainingAnswer,
  trainingInput,
  trainingPatch,
  trainingsQuery,
} from './catalogue.schema.ts'
import * as catalogue from './catalogue.service.ts'

export function catalogueRoutes(router: Router): void {
  route(
    router,
    {
      method: 'post',
      path: '/api/trainings',
      idempotent: true,
      tag: 'Catalogue',
      summary: 'A new training («action de formation»), as a draft',
      access: may['training.create'],
      body: trainingInput,
      status: 201,
      location: '/api/trainings/{id}',
      answer: trainingAnswer,
      problems: [codeTaken],
      example: examples.createTraining,
    },
    ({ ctx, body }) => catalogue.createTraining(ctx, body),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/trainings',
      tag: 'Catalogue',
      summary: 'Trainings by code, drafts included',
      access: may['training.read'],
      query: trainingsQuery,
      answer: pageOf(trainingAnswer),
      example: examples.listTrainings,
    },
    ({ ctx, query }) => catalogue.listTrainings(ctx, query),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/trainings/{id}',
      tag: 'Catalogue',
      summary: 'One training: the draft of its next version if there is one, else the published version',
      access: may['training.read'],
      answer: trainingAnswer,
      example: examples.readTraining,
    },
    ({ ctx, params }) => catalogue.readTraining(ctx, params.id),
  )

  route(
    router,
    {
      method: 'patch',
      path: '/api/trainings/{id}',
      tag: 'Catalogue',
      summary:
        'Edits the next version, which begins as a copy of the published one; the code changes at once',
      access: may['training.change'],
      body: trainingPatch,
      ifMatch: true,
      answer: trainingAnswer,
      problems: [codeTaken],
      example: examples.changeTraining,
    },
    ({ ctx, params, body, ifMatch }) => catalogue.changeTraining(ctx, params.id, body, ifMatch),
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/trainings/{id}/publish',
      idempotent: true,
      tag: 'Catalogue',
      summary: 'Publishes the draft as the next version, which never changes again',
      access: may['training.publish'],
      answer: trainingAnswer,
      problems: [incomplete],
      example: examples.publishTraining,
    },
    ({ ctx, params }) => catalogue.publishTraining(ctx, params.id),
  )

  publicCatalogueRoutes(router)
}

function publicCatalogueRoutes(router: Router): void {
  route(
    router,
    {
      method: 'get',
      path: '/api/catalogue',
      tag: 'Catalogue',
      summary: 'Published trainings by title, with their next open public sessions and seats left',
      access: may['catalogue.read'],
      query: catalogueQuery,
      answer: pageOf(catalogueItem),
      isShared: true,
      example: examples.listCatalogue,
    },
    ({ ctx, query }) => catalogue.listCatalogue(ctx, query),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/catalogue/{code}',
      tag: 'Catalogue',
      summary: 'The programme of a published training («programme de formation») and its sessions to come',
      access: may['catalogue.read'],
      params: { code: 'The code of the training, whatever its case.' },
      answer: catalogueProgramme,
      isShared: true,
      alternates: [{ path: '/catalogue/{code}', type: 'text/html' }],
      example: examples.readCatalogueEntry,
    },
    ({ ctx, params }) => catalogue.readCatalogueEntry(ctx, params.code),
  )
}
