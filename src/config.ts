/** The configuration: zod over the environment, and its only reader. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { type TrustedProxies, trustedProxies } from './platform/http/client-address.ts'
import { email } from './platform/text.ts'

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
  // A proxy on this machine is believed and nobody else: from outside nobody can have a loopback address, and what
  // listens on loopback alone is always behind a proxy or used from this very machine.
  PREAU_TRUSTED_PROXIES: z.string().default('loopback').transform(readProxies),
  PREAU_ADMIN_EMAIL: z.email().optional(),
  PREAU_ADMIN_PASSWORD: z.string().min(8).optional(),
  PREAU_LEDGER_KEY: z
    .string()
    .regex(/^-----BEGIN PRIVATE KEY-----/, 'must be a private key in PEM')
    .optional(),
  PREAU_METRICS_TOKEN: z.string().min(16).optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/, hostname: /./, error: 'must be smtp://… or smtps://…' }).optional(),
  PREAU_MAIL_FROM: email().optional(),
  PREAU_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).optional(),
})

function readProxies(list: string, context: z.RefinementCtx): TrustedProxies {
  try {
    return trustedProxies(list)
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) })
    return z.NEVER
  }
}

export type Config = {
  port: number
  host: string
  /** Absent: the embedded database in `dataDirectory`. */
  databaseUrl: string | undefined
  dataDirectory: string | undefined
  /** Where people reach this installation; absent: the address it listens on. */
  baseUrl: string | undefined
  /** Whose `X-Forwarded-For` is believed. */
  trustedProxies: TrustedProxies
  adminEmail: string | undefined
  adminPassword: string | undefined
  /** The private key (PEM) that ledgers are signed with; absent: one in the data folder. */
  ledgerKey: string | undefined
  /** Absent: whoever reaches the server reads `/metrics`. */
  metricsToken: string | undefined
  /** Absent: mails become files in the data folder. */
  smtpUrl: string | undefined
  /** The sender's address on every mail; absent: the organisation's. */
  mailFrom: string | undefined
  /** Absent: `info`, for the demonstration `warn`. */
  logLevel: z.output<typeof environment>['PREAU_LOG_LEVEL']
}

/** Without the line end that editors and `echo` leave. */
function readSecret(variable: string, file: string | undefined): string | undefined {
  if (!file) return undefined
  try {
    return readFileSync(file, 'utf8').trimEnd()
  } catch (error) {
    throw new Error(
      `The configuration is not valid: ${variable}: ${error instanceof Error ? error.message : error}`,
    )
  }
}

/**
 * Throws an error that names each variable and what is wrong with it. Empty variables count as absent. Of each, `_FILE`
 * names a file that holds its value instead: secrets reach containers and systemd's services that way, and no process
 * list or inspection shows them.
 */
export function readConfig(variables: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(
    Object.keys(environment.shape).flatMap((name) => {
      const value = variables[name] || readSecret(`${name}_FILE`, variables[`${name}_FILE`])
      return value ? [[name, value]] : []
    }),
  )
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
    trustedProxies: data.PREAU_TRUSTED_PROXIES,
    adminEmail: data.PREAU_ADMIN_EMAIL,
    adminPassword: data.PREAU_ADMIN_PASSWORD,
    ledgerKey: data.PREAU_LEDGER_KEY,
    metricsToken: data.PREAU_METRICS_TOKEN,
    smtpUrl: data.SMTP_URL,
    mailFrom: data.PREAU_MAIL_FROM,
    logLevel: data.PREAU_LOG_LEVEL,
  }
}
