/** The configuration: zod over the environment, and its only reader. */
import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65_535)

const environment = z.object({
  PORT: port.default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
    .optional(),
  PREAU_DATA_DIR: z.string().min(1).optional(),
  PREAU_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  PREAU_ADMIN_EMAIL: z.email().optional(),
  PREAU_ADMIN_PASSWORD: z.string().min(8).optional(),
  PREAU_METRICS_TOKEN: z.string().min(16).optional(),
  PREAU_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
})

export type Config = {
  port: number
  host: string
  /** Absent: the embedded database in `dataDirectory`. */
  databaseUrl: string | undefined
  dataDirectory: string | undefined
  /** Where people reach this installation; absent: the address it listens on. */
  baseUrl: string | undefined
  adminEmail: string | undefined
  adminPassword: string | undefined
  /** Absent: whoever reaches the server reads `/metrics`. */
  metricsToken: string | undefined
  logLevel: z.output<typeof environment>['PREAU_LOG_LEVEL']
}

/** Throws an error that names each variable and what is wrong with it. Empty variables count as absent. */
export function readConfig(variables: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const result = environment.safeParse(given)
  if (!result.success) {
    const lines = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`The configuration is not valid: ${lines.join('; ')}`)
  }
  const { data } = result
  return {
    port: data.PORT,
    host: data.HOST,
    databaseUrl: data.DATABASE_URL,
    dataDirectory: data.PREAU_DATA_DIR,
    baseUrl: data.PREAU_BASE_URL,
    adminEmail: data.PREAU_ADMIN_EMAIL,
    adminPassword: data.PREAU_ADMIN_PASSWORD,
    metricsToken: data.PREAU_METRICS_TOKEN,
    logLevel: data.PREAU_LOG_LEVEL,
  }
}
