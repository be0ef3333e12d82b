/** The four files of the demonstration, each in another dialect, as they come out of people's programs. */
import { typeset } from '../../src/documents/typography.ts'
import type { FundingSource } from '../../src/enrolment/enrolment.schema.ts'
import { type Invoice, invoicesFor } from './billing.ts'
import { givenOutTo, receivedFrom } from './clients.ts'
import { csvFile } from './csv.ts'
import { type Chapter, castFrom, type Person, type Trainer } from './people.ts'
import type { Kind } from './plan.ts'
import type { Programme } from './programme.ts'
import { randomFrom } from './random.ts'
import {
  type AttendedSeat,
  type HalfDay,
  type HeldSession,
  heldSessions,
  programmes,
  traineeTypeOf,
} from './sessions.ts'

/** The bytes of each file by its name; always the same. */
export function demoFiles(): Record<string, Uint8Array> {
  const cast = castFrom(randomFrom(20_260_101))
  const sessions = heldSessions(cast, randomFrom(45))
  const invoices = invoicesFor(sessions, randomFrom(18))
  const byName = new Intl.Collator('fr')
  const people = cast.people.toSorted(
    (one, other) =>
      byName.compare(one.lastName, other.lastName) || byName.compare(one.firstName, other.firstName),
  )
  return {
    'people.csv': csvFile(people.map(personLine), {
      delimiter: ';',
      newline: '\r\n',
      hasByteOrderMark: true,
    }),
    'trainings.csv': csvFile(programmes.map(trainingLine), {
      delimiter: ';',
      newline: '\n',
      hasByteOrderMark: false,
    }),
    'attendance.csv': csvFile(sessions.flatMap(attendanceLines), {
      delimiter: ';',
      newline: '\n',
      hasByteOrderMark: false,
    }),
    'funding.csv': csvFile(invoices.map(fundingLine), {
      delimiter: ',',
      newline: '\n',
      hasByteOrderMark: false,
    }),
  }
}

function personLine(person: Person) {
  return {
    prenom: person.firstName,
    nom: person.lastName,
    nom_naissance: person.birthName,
    email: person.email,
    telephone: person.phone,
    antenne: person.chapter,
    employeur: person.employer?.name ?? '',
    siret_employeur: person.employer ? inGroups(person.employer.siret) : '',
    roles: person.roles,
  }
}

/** `000 912 345 00017`: with spaces, as on letterheads, a spreadsheet leaves a SIRET alone. */
function inGroups(siret: string): string {
  return siret.replace(/^(...)(...)(...)/, '$1 $2 $3 ')
}

function trainingLine(programme: Programme) {
  return {
    code: programme.code,
    intitule: typeset(programme.title),
    objectifs: typeset(programme.objectives.join('\n')),
    prerequis: typeset(programme.prerequisites),
    public: typeset(programme.audience),
    contenu: typeset(programme.content.join('\n')),
    methodes: typeset(programme.methods),
    evaluation: typeset(programme.assessment),
    accessibilite: typeset(programme.accessibility),
    duree_heures: programme.hours,
    prix_ht: euros(programme.price * 100),
    modalite: programme.modality,
    nsf: programme.nsf,
    objectif: programme.objective,
    rncp_rs: typeset(programme.certification),
    delai_acces: typeset(programme.accessDelay),
  }
}

function attendanceLines(session: HeldSession) {
  return session.halfDays.flatMap((halfDay, slot) =>
    session.seats.flatMap((seat) => {
      const minutes = seat.attended[slot]
      return minutes === undefined ? [] : attendanceLine(session, halfDay, seat, minutes)
    }),
  )
}

function attendanceLine(session: HeldSession, halfDay: HalfDay, seat: AttendedSeat, minutes: number) {
  const habit = habits[session.chapter]
  return {
    session: session.reference,
    formation: session.title,
    date: halfDay.date.replace(/^(....)-(..)-(..)$/, '$3/$2/$1'),
    debut: habit.time(halfDay.start),
    fin: habit.time(halfDay.end),
    prenom: seat.person.firstName,
    nom: seat.person.lastName,
    email: seat.person.email,
    ...habit.mark(minutes, halfDay.minutes),
    type_stagiaire: traineeTypeOf(seat),
    formateur: session.team.map(trainerName).join(' + '),
    lien_formateur: session.team.map(({ link }) => link).join(' + '),
    modalite: halfDay.isRemote ? 'classe virtuelle' : 'présentiel',
    sous_traitance: subcontracting[session.kind] ?? '',
  }
}

const trainerName = ({ firstName, lastName }: Trainer) => `${firstName} ${lastName}`

const subcontracting: Partial<Record<Kind, string>> = {
  givenOut: typeset(`confiée : ${givenOutTo.name}`),
  received: typeset(`reçue : ${receivedFrom.name}`),
}

type Habit = {
  time: (time: string) => string
  mark: (minutes: number, whole: number) => { present: string; minutes: string }
}

/** `9h` and `12h30`, or `09:00`. */
const spoken = (time: string) => time.replace(/^0/, '').replace(/:00$/, 'h').replace(':', 'h')
const asClock = (time: string) => time

/** The minutes of those who missed some; nothing for the others. */
const onlyPartial = (minutes: number, whole: number) =>
  minutes === 0 || minutes === whole ? '' : String(minutes)

/** Each chapter fills in its sheet in its own way. */
const habits: Record<Chapter, Habit> = {
  Paris: {
    time: asClock,
    mark: (minutes, whole) => ({
      present: minutes > 0 ? 'oui' : 'non',
      minutes: onlyPartial(minutes, whole),
    }),
  },
  Lyon: {
    time: spoken,
    mark: (minutes) => ({ present: minutes > 0 ? 'présent' : 'absent', minutes: String(minutes) }),
  },
  Marseille: {
    time: spoken,
    mark: (minutes, whole) =>
      minutes > 0 ? { present: 'x', minutes: onlyPartial(minutes, whole) } : { present: '', minutes: '0' },
  },
  Bordeaux: {
    time: asClock,
    mark: (minutes, whole) => ({
      present: minutes > 0 ? 'Oui' : 'Non',
      minutes: onlyPartial(minutes, whole),
    }),
  },
  Bretagne: {
    time: spoken,
    mark: (minutes, whole) => ({ present: minutes > 0 ? '1' : '0', minutes: onlyPartial(minutes, whole) }),
  },
}

const sourceWords: Record<FundingSource, string> = {
  employer: 'entreprise',
  fundApprenticeship: 'apprentissage',
  fundProfessionalisation: 'professionnalisation',
  fundReconversion: 'Pro-A',
  fundTransition: 'PTP',
  fundCpf: 'CPF',
  fundJobSeeker: 'POE',
  fundSelfEmployed: 'FAF',
  fundDevelopmentPlan: 'OPCO',
  publicAgents: 'agents publics',
  europe: 'FSE',
  state: 'État',
  region: 'région',
  franceTravail: 'France Travail',
  otherPublic: 'autre public',
  individual: 'particulier',
  trainingOrganisation: 'organisme de formation',
  otherIncome: 'autre',
}

function fundingLine(invoice: Invoice) {
  return {
    session: invoice.session,
    email: invoice.learner?.email ?? '',
    prenom: invoice.learner?.firstName ?? '',
    nom: invoice.learner?.lastName ?? '',
    financeur: sourceWords[invoice.source],
    payeur: invoice.payer?.name ?? '',
    siret_payeur: invoice.payer?.siret ?? '',
    montant_ht: euros(invoice.cents),
    date_facture: invoice.invoicedOn,
    no_facture: invoice.number,
    date_paiement: invoice.paidOn,
  }
}

/** `1 250,00`, with the no-break space of a spreadsheet. */
function euros(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0')
  const whole = digits.slice(0, -2).replace(/\B(?=(?:\d{3})+$)/g, '\u00a0')
  return `${cents < 0 ? '-' : ''}${whole},${digits.slice(-2)}`
}
