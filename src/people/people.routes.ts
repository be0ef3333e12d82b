import { pageOf } from '../platform/http/pagination.ts'
import { type Router, route } from '../platform/http/router.ts'
import { peopleExamples as examples } from './people.examples.ts'
import { peoplePermissions as may } from './people.permissions.ts'
import { noSuchChapter, noSuchEmployer } from './people.problems.ts'
import { peopleQuery, personAnswer, personInput, personPatch } from './people.schema.ts'
import * as people from './people.service.ts'

export function peopleRoutes(router: Router): void {
  route(
    router,
    {
      method: 'post',
      path: '/api/people',
      idempotent: true,
      tag: 'People',
      summary: 'A person, without an account',
      access: may['person.create'],
      body: personInput,
      status: 201,
      location: '/api/people/{id}',
      answer: personAnswer,
      problems: [noSuchChapter, noSuchEmployer],
      example: examples.createPerson,
    },
    ({ ctx, body }) => people.createPerson(ctx, body),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/people',
      tag: 'People',
      summary: 'People by name; an ambassador («ambassadeur») sees those of the own chapter',
      access: may['person.list'],
      query: peopleQuery,
      answer: pageOf(personAnswer),
      example: examples.listPeople,
    },
    ({ ctx, query }) => people.listPeople(ctx, query),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/people/{id}',
      tag: 'People',
      summary: 'One person',
      access: may['person.read'],
      answer: personAnswer,
      example: examples.readPerson,
    },
    ({ ctx, params }) => people.readPerson(ctx, params.id),
  )

  route(
    router,
    {
      method: 'patch',
      path: '/api/people/{id}',
      tag: 'People',
      summary: 'Changes a person; the person themself changes only e-mail and telephone',
      access: may['person.change'],
      body: personPatch,
      ifMatch: true,
      answer: personAnswer,
      problems: [noSuchChapter, noSuchEmployer],
      example: examples.changePerson,
    },
    ({ ctx, params, body, ifMatch }) => people.changePerson(ctx, params.id, body, ifMatch),
  )
}
