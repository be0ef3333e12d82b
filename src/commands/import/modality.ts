/** The words for a modality, in the files of trainings and of attendance. */
import type { Modality } from '../../catalogue/catalogue.schema.ts'
import type { Words } from './cells.ts'

/** *Modalité*, as trainings and sessions give it. */
export const modalityWords: Words<Modality> = {
  onsite: ['présentiel', 'en présentiel', 'présence', 'sur place', 'on site'],
  remote: [
    'distanciel',
    'en distanciel',
    'à distance',
    'distance',
    'visio',
    'visioconférence',
    'classe virtuelle',
  ],
  hybrid: ['mixte', 'hybride', 'présentiel et distanciel', 'blended'],
}
