/**
 * Connection logs as virtual rooms export them, of the morning of 2 March 2026 from 9:00 to 12:30 in Paris, with
 * Maëlle Le Bihan there from 8:58 to 10:31 and from 10:46 on, Théo Nguyen from 9:20:30 to 12:30, and Inès Garnier, who
 * trains them.
 */

type LogFile = { says: string; provider: 'zoom' | 'teams' | 'bigBlueButton'; bytes: Uint8Array }

const bytesOf = (lines: readonly string[]) => Buffer.from(`\ufeff${lines.join('\r\n')}\r\n`)

/** As Teams writes. */
export const utf16 = (lines: readonly string[]) => Buffer.from(`\ufeff${lines.join('\r\n')}\r\n`, 'utf16le')

export const zoomEnglish = [
  'Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants,',
  '812 3456 7890,"Éco-conception web, jour 1",03/02/2026 08:55:12 AM,03/02/2026 12:36:40 PM,ines.garnier@preau.example,222,4,',
  '',
  'Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,Recording Consent,In Waiting Room',
  'Inès Garnier,ines.garnier@preau.example,03/02/2026 08:55:12 AM,03/02/2026 12:36:40 PM,222,No,,No',
  'Maëlle Le Bihan,maelle@lebihan.example,03/02/2026 08:56:02 AM,03/02/2026 08:58:03 AM,3,Yes,,Yes',
  'Maëlle Le Bihan,maelle@lebihan.example,03/02/2026 08:58:03 AM,03/02/2026 10:31:00 AM,93,Yes,,No',
  'Maëlle Le Bihan,maelle@lebihan.example,03/02/2026 10:46:00 AM,03/02/2026 12:31:20 PM,106,Yes,,No',
  'iPhone de Théo (Théo Nguyen),,03/02/2026 09:20:30 AM,03/02/2026 12:30:00 PM,190,Yes,,No',
]

const zoomFrench = [
  'Sujet;ID;Hôte;Durée (minutes);Heure de début;Heure de fin;Participants',
  'Éco-conception web;812 3456 7890;Inès Garnier;222;02/03/2026 08:55:12;02/03/2026 12:36:40;4',
  '',
  'Nom (nom d’origine);Adresse e-mail;Heure d’arrivée;Heure de départ;Durée (minutes);Invité;Dans la salle d’attente',
  'Inès Garnier;ines.garnier@preau.example;02/03/2026 08:55:12;02/03/2026 12:36:40;222;Non;Non',
  'LE BIHAN Maëlle;maelle@lebihan.example;02/03/2026 08:58:03;02/03/2026 10:31:00;93;Oui;Non',
  'LE BIHAN Maëlle;maelle@lebihan.example;02/03/2026 10:46:00;02/03/2026 12:31:20;106;Oui;Non',
  'Théo Nguyen;;02/03/2026 09:20:30;02/03/2026 12:30:00;190;Oui;Non',
]

export const teamsEnglish = [
  '1. Summary',
  'Meeting title\tÉco-conception web',
  'Attended participants\t3',
  'Start time\t3/2/26, 8:54:40\u202fAM',
  'End time\t3/2/26, 12:36:40\u202fPM',
  'Meeting duration\t3h 42m 0s',
  'Average attendance time\t3h 14m 9s',
  '',
  '2. Participants',
  'Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole',
  'Inès Garnier\t3/2/26, 8:55:12\u202fAM\t3/2/26, 12:36:40\u202fPM\t3h 41m 28s\tines.garnier@preau.example\tines.garnier@preau.example\tOrganizer',
  'Le Bihan, Maëlle (External)\t3/2/26, 8:58:03\u202fAM\t3/2/26, 12:31:20\u202fPM\t3h 18m 17s\tmaelle@lebihan.example\tmaelle@lebihan.example\tPresenter',
  'Théo Nguyen (Unverified)\t3/2/26, 9:20:30\u202fAM\t3/2/26, 12:30:00\u202fPM\t3h 9m 30s\t\t\tPresenter',
  '',
  '3. In-Meeting Activities',
  'Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole',
  'Inès Garnier\t3/2/26, 8:55:12\u202fAM\t3/2/26, 12:36:40\u202fPM\t3h 41m 28s\tines.garnier@preau.example\tOrganizer',
  'Le Bihan, Maëlle (External)\t3/2/26, 8:58:03\u202fAM\t3/2/26, 10:31:00\u202fAM\t1h 32m 57s\tmaelle@lebihan.example\tPresenter',
  'Le Bihan, Maëlle (External)\t3/2/26, 10:46:00\u202fAM\t3/2/26, 12:31:20\u202fPM\t1h 45m 20s\tmaelle@lebihan.example\tPresenter',
  'Théo Nguyen (Unverified)\t3/2/26, 9:20:30\u202fAM\t3/2/26, 12:30:00\u202fPM\t3h 9m 30s\t\tPresenter',
]

const teamsFrench = [
  'Résumé de la réunion',
  'Nombre total de participants\t3',
  'Titre de la réunion\tÉco-conception web',
  'Heure de début de la réunion\t02/03/2026 08:54:40',
  'Heure de fin de la réunion\t02/03/2026 12:36:40',
  '',
  'Nom complet\tHeure d’arrivée\tHeure de départ\tDurée\tAdresse de courrier\tRôle\tID du participant (UPN)',
  'Inès Garnier\t02/03/2026 08:55:12\t02/03/2026 12:36:40\t3 h 41 min 28 s\tines.garnier@preau.example\tOrganisateur\tines.garnier@preau.example',
  'Maëlle Le Bihan (Invité)\t02/03/2026 08:58:03\t02/03/2026 10:31:00\t1 h 32 min 57 s\tmaelle@lebihan.example\tPrésentateur\t',
  'Maëlle Le Bihan (Invité)\t02/03/2026 10:46:00\t02/03/2026 12:31:20\t1 h 45 min 20 s\tmaelle@lebihan.example\tPrésentateur\t',
  'Théo Nguyen (Invité)\t02/03/2026 09:20:30\t02/03/2026 12:30:00\t3 h 9 min 30 s\t\tPrésentateur\t',
]

// One line per person, however often they came: what lies between arrival and departure is in the duration alone.
const bigBlueButtonEnglish = [
  'Name,Moderator,Activity Score,Talk Time,Webcam Time,Messages,Reactions,Poll Votes,Raise Hands,Join,Left,Duration,Avez-vous compris ?',
  '"Inès Garnier","TRUE","0","01:10:12","03:20:00","12","0","0","0","3/2/2026, 08:55:12 AM","3/2/2026, 12:36:40 PM","03:41:28","-"',
  '"Maëlle Le Bihan","FALSE","7.5","00:04:10","-","3","1","1","2","3/2/2026, 08:58:03 AM","3/2/2026, 12:31:20 PM","03:18:17","Oui"',
  '"Théo Nguyen","FALSE","5","-","-","1","0","1","0","3/2/2026, 09:20:30 AM","3/2/2026, 12:30:00 PM","03:09:30","Oui"',
  '"Anonymous","","","","","","","","","","","","Non"',
]

const bigBlueButtonFrench = [
  'Nom,Modérateur,Activity Score,Temps de conversation,Temps de partage de caméra,Messages,Réactions,Votes du sondage,Mains levées,Rejoindre,Quitté,Duration',
  '"Inès Garnier","TRUE","0","01:10:12","03:20:00","12","0","0","0","02/03/2026 08:55:12","02/03/2026 12:36:40","03:41:28"',
  '"Maëlle Le Bihan","FALSE","7,5","00:04:10","-","3","1","1","2","02/03/2026 08:58:03","02/03/2026 12:31:20","03:18:17"',
  '"Théo Nguyen","FALSE","5","-","-","1","0","1","0","02/03/2026 09:20:30","-","03:09:30"',
  '"Anonyme","","","","","","","","","","",""',
]

/** What each of them proves is the same, but that some give fewer details. */
export const logFiles: readonly LogFile[] = [
  { says: 'Zoom in English', provider: 'zoom', bytes: bytesOf(zoomEnglish) },
  { says: 'Zoom in French, saved again by a spreadsheet', provider: 'zoom', bytes: bytesOf(zoomFrench) },
  { says: 'Teams in English', provider: 'teams', bytes: utf16(teamsEnglish) },
  { says: 'Teams in French, as it used to be', provider: 'teams', bytes: utf16(teamsFrench) },
  { says: 'BigBlueButton in English', provider: 'bigBlueButton', bytes: bytesOf(bigBlueButtonEnglish) },
  { says: 'BigBlueButton in French', provider: 'bigBlueButton', bytes: bytesOf(bigBlueButtonFrench) },
]

export const zoomLog = bytesOf(zoomEnglish)

/** With other lines of participants. */
export const zoomLogOf = (...rows: readonly string[]) => bytesOf([...zoomEnglish.slice(0, 4), ...rows])
