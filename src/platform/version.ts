/** The version of Préau, for the command and the API's document alike. */
import manifest from '../../package.json' with { type: 'json' }

export const { version } = manifest
