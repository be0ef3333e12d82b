/**
 * The file of people: `prenom;nom;nom_naissance;email;telephone;antenne;employeur;siret_employeur;roles`.
 *
 * `roles` is empty for a person without an account, else one or several of `membre`, `formateur`, `ambassadeur`,
 * `admin`, separated by `,` `|` or `+`. An account needs an e-mail; an ambassador is that of the line's chapter.
 */
import type { Role } from '../../people/people.schema.ts'
import { fold } from '../../platform/fold.ts'
import {
  choice,
  each,
  emailAddress,
  line,
  personName,
  phoneNumber,
  siretNumber,
  type Words,
} from './cells.ts'
import { mandatory, optional, type Parsed, readRows, refuseRepeats } from './rows.ts'

export type PersonRow = {
  firstName: string
  lastName: string
  birthName: string | null
  email: string | null
  phone: string | null
  /** The chapter (*antenne*) as the file names it. */
  chapterName: string | null
  employer: { name: string; siret: string | null } | null
  /** Without repeats; empty for a person without an account. */
  roles: Role[]
}

const roleWords: Words<Role> = {
  member: ['membre', 'adhérent', 'adhérente'],
  trainer: ['formateur', 'formatrice'],
  ambassador: ['ambassadeur', 'ambassadrice'],
  admin: ['admin', 'administrateur', 'administratrice'],
}

const fields = {
  firstName: mandatory('prenom', ['first name', 'firstname', 'given name'], personName),
  lastName: mandatory(
    'nom',
    ['nom de famille', 'nom d’usage', 'last name', 'lastname', 'surname'],
    personName,
  ),
  birthName: optional('nom_naissance', ['nom de naissance', 'birth name'], personName),
  email: optional('email', ['e-mail', 'mail', 'courriel', 'adresse e-mail', 'adresse mail'], emailAddress),
  phone: optional('telephone', ['tel', 'téléphone portable', 'mobile', 'phone'], phoneNumber),
  chapterName: optional('antenne', ['groupe local', 'chapter'], line(120)),
  employerName: optional('employeur', ['entreprise', 'société', 'employer', 'company'], line(200)),
  employerSiret: optional(
    'siret_employeur',
    ['siret de l’employeur', 'siret', 'employer siret'],
    siretNumber,
  ),
  roles: optional('roles', ['rôle', 'role'], each(/[,|+/\n]/, choice(roleWords))),
}

/** Reads the file of people. A person is told from a homonym by e-mail; the same one on two lines is refused. */
export function parsePeople(bytes: Uint8Array): Parsed<PersonRow> {
  const people = readRows<typeof fields, PersonRow>(bytes, fields, (cells, refuse) => {
    const { employerName, employerSiret, roles, ...person } = cells
    if (employerSiret !== null && employerName === null)
      refuse('employeur', 'un SIRET sans le nom de l’employeur')
    if (roles?.length && person.email === null)
      refuse('email', 'un rôle demande un compte, et un compte une adresse e-mail')
    if (roles?.includes('ambassador') && person.chapterName === null)
      refuse('antenne', 'un ambassadeur est celui d’une antenne')
    return {
      ...person,
      employer: employerName === null ? null : { name: employerName, siret: employerSiret },
      roles: [...new Set(roles)],
    }
  })
  const onePerPerson = refuseRepeats(people, 'nom', (row) =>
    [row.email?.toLowerCase() ?? '', fold(row.firstName), fold(row.lastName)].join('|'),
  )
  return refuseRepeats(onePerPerson, 'email', (row) =>
    row.roles.length === 0 ? undefined : row.email?.toLowerCase(),
  )
}
