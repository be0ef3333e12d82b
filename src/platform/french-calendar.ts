/** The French calendar of work: public holidays (*jours fériés*) and working days (*jours ouvrés*); civil dates, no clock. */

/** Places with public holidays of their own. */
type Territory =
  | 'alsaceMoselle'
  | 'guadeloupe'
  | 'martinique'
  | 'guyane'
  | 'reunion'
  | 'mayotte'
  | 'saintMartin'
  | 'saintBarthelemy'

/** INSEE region codes. Alsace is a part of the Grand Est (44) now; 42 is its own, older one. */
const territoryOfRegion: Record<string, Territory> = {
  '01': 'guadeloupe',
  '02': 'martinique',
  '03': 'guyane',
  '04': 'reunion',
  '06': 'mayotte',
  '42': 'alsaceMoselle',
  '44': 'alsaceMoselle',
}

const territoryOfZone: Record<string, Territory> = {
  'America/Guadeloupe': 'guadeloupe',
  'America/Martinique': 'martinique',
  'America/Cayenne': 'guyane',
  'Indian/Reunion': 'reunion',
  'Indian/Mayotte': 'mayotte',
  'America/Marigot': 'saintMartin',
  'America/St_Barthelemy': 'saintBarthelemy',
}

/** Where a session is held, as far as its time zone and the region of its chapter tell; undefined: nothing special. */
export function territoryOf(place: { regionCode: string | null; timeZone: string }): Territory | undefined {
  return territoryOfZone[place.timeZone] ?? territoryOfRegion[place.regionCode ?? '']
}

/** The fixed ones of Code du travail, art. L3133-1. */
const fixed: readonly (readonly [string, string])[] = [
  ['01-01', 'le jour de l’An'],
  ['05-01', 'le 1er mai, fête du Travail'],
  ['05-08', 'le 8 mai, victoire de 1945'],
  ['07-14', 'le 14 juillet, fête nationale'],
  ['08-15', 'l’Assomption'],
  ['11-01', 'la Toussaint'],
  ['11-11', 'le 11 novembre, armistice de 1918'],
  ['12-25', 'Noël'],
]

/** Those that move, in days after Easter Sunday. */
const afterEaster: readonly (readonly [number, string])[] = [
  [1, 'le lundi de Pâques'],
  [39, 'l’Ascension'],
  [50, 'le lundi de Pentecôte'],
]

const abolition = 'la commémoration de l’abolition de l’esclavage'

/** Art. L3134-13 in Alsace and Moselle; overseas décret n° 83-1003, as changed by décret n° 2012-553. */
const ofTerritory: Record<Territory, readonly (readonly [string, string])[]> = {
  alsaceMoselle: [['12-26', 'la Saint-Étienne, fériée en Alsace-Moselle']],
  guadeloupe: [['05-27', abolition]],
  martinique: [['05-22', abolition]],
  guyane: [['06-10', abolition]],
  reunion: [['12-20', abolition]],
  mayotte: [['04-27', abolition]],
  saintMartin: [['05-28', abolition]],
  saintBarthelemy: [['10-09', abolition]],
}

/** Easter Sunday in the Gregorian calendar (the algorithm of Meeus, Jones and Butcher). */
export function easterSunday(year: number): Temporal.PlainDate {
  const century = Math.floor(year / 100)
  const golden = year % 19
  const correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3)
  const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30
  const rest = year % 100
  const sunday = (32 + 2 * (century % 4) + 2 * Math.floor(rest / 4) - epact - (rest % 4)) % 7
  const late = Math.floor((golden + 11 * epact + 22 * sunday) / 451)
  const day = epact + sunday - 7 * late + 114
  return Temporal.PlainDate.from({ year, month: Math.floor(day / 31), day: (day % 31) + 1 })
}

/** The public holidays of a year: date → what is celebrated, in French. */
export function publicHolidays(year: number, territory?: Territory): Map<string, string> {
  const easter = easterSunday(year)
  const moving = afterEaster.map(([days, name]) => [easter.add({ days }).toString(), name] as const)
  const dated = [...fixed, ...(territory ? ofTerritory[territory] : [])].map(
    ([day, name]) => [`${year}-${day}`, name] as const,
  )
  const goodFriday = [easter.subtract({ days: 2 }).toString(), 'le Vendredi saint, férié en Alsace-Moselle']
  return new Map([
    ...dated,
    ...moving,
    ...(territory === 'alsaceMoselle' ? [goodFriday as [string, string]] : []),
  ])
}

/** What is celebrated on a civil date; undefined on any other. */
export function holidayOn(date: string, territory?: Territory): string | undefined {
  return publicHolidays(Temporal.PlainDate.from(date).year, territory).get(date)
}

/** Every date between two that is a public holiday somewhere in France. */
export function holidaysAnywhere(from: string, to: string): string[] {
  const years = { first: Temporal.PlainDate.from(from).year, last: Temporal.PlainDate.from(to).year }
  const territories = Object.keys(ofTerritory) as Territory[]
  const dates = Array.from(
    { length: years.last - years.first + 1 },
    (_, index) => years.first + index,
  ).flatMap((year) => territories.flatMap((territory) => [...publicHolidays(year, territory).keys()]))
  return [...new Set(dates)].filter((date) => from <= date && date <= to).sort()
}

/** Saturday or Sunday. */
export function isWeekend(date: string): boolean {
  return Temporal.PlainDate.from(date).dayOfWeek >= 6
}

/** So many working days later (*jours ouvrés*: Monday to Friday without national holidays), the day itself not counted. */
export function addWorkingDays(date: string, days: number): string {
  let day = Temporal.PlainDate.from(date)
  for (let left = days; left > 0; ) {
    day = day.add({ days: 1 })
    const text = day.toString()
    if (!isWeekend(text) && holidayOn(text) === undefined) left--
  }
  return day.toString()
}
