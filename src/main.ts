/** The `preau` command; the only file with side effects on import. */
import { Command, Option } from 'commander'
import { readConfig } from './config.ts'
import { Problem } from './platform/problem.ts'
import { version } from './platform/version.ts'

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const program = new Command('preau')
  .description('The backend of a French training organisation')
  .version(version)
  .showHelpAfterError()
  .configureHelp({ showGlobalOptions: true })

program
  .command('serve')
  .description('Serves the API and the pages; set-up of the first admin at the very first start')
  .option('--without-worker', 'leaves the work in the background to `preau worker`')
  .addOption(jsonOption())
  .action(async (options: JsonOption & { withoutWorker?: boolean }) => {
    const { serve } = await import('./commands/serve.ts')
    await serve(readConfig(), say, { json: options.json, worker: !options.withoutWorker })
  })

program
  .command('worker')
  .description(
    'Does the work in the background, such as sending mails; any number beside `serve --without-worker`',
  )
  .addOption(jsonOption())
  .action(async (options: JsonOption) => {
    const { work } = await import('./commands/worker.ts')
    await work(readConfig(), say, options.json ?? false)
  })

program
  .command('migrate')
  .description('Brings the database of DATABASE_URL (or the embedded one) up to date')
  .addOption(jsonOption())
  .action(async (options: JsonOption) => {
    const { migrate } = await import('./commands/migrate.ts')
    await migrate(readConfig(), say, options.json ?? false)
  })

const admin = program.command('admin').description('Accounts from the command line')
admin
  .command('create')
  .description('Creates an admin; the password is read from PREAU_ADMIN_PASSWORD or from standard input')
  .requiredOption('--email <address>', 'the address to sign in with')
  .option('--first-name <name>', 'first name', 'Admin')
  .option('--last-name <name>', 'last name', 'Préau')
  .addOption(jsonOption())
  .action(async (options: { email: string; firstName: string; lastName: string; json?: boolean }) => {
    const { createAdmin } = await import('./commands/admin.ts')
    await createAdmin(readConfig(), say, options)
  })

const report = program.command('report').description('Reports')
report
  .command('bpf')
  .description('The BPF (bilan pédagogique et financier) of an exercise')
  .requiredOption('--from <date>', 'first day of the exercise, YYYY-MM-DD')
  .requiredOption('--to <date>', 'last day of the exercise, YYYY-MM-DD')
  .addOption(new Option('--format <format>', 'output format').choices(['json', 'csv']).default('json'))
  .addOption(jsonOption())
  .action(async ({ json, ...options }: { from: string; to: string; format: 'json' | 'csv' } & JsonOption) => {
    const { reportBpf } = await import('./commands/report.ts')
    await reportBpf(readConfig(), json ? { ...options, format: 'json' } : options)
  })

program
  .command('import')
  .description('Imports a CSV file: all or nothing, and safe to repeat')
  .argument('<kind>', 'people, trainings, attendance or funding')
  .argument('<file>', 'the CSV file')
  .option('--dry-run', 'says what would be done and writes nothing')
  .addOption(jsonOption())
  .action(async (kind: string, file: string, options: { dryRun?: boolean; json?: boolean }) => {
    const { importFile } = await import('./commands/import/import.ts')
    await importFile(readConfig(), say, {
      kind,
      file,
      dryRun: options.dryRun ?? false,
      json: options.json ?? false,
    })
  })

program
  .command('backup')
  .description('Writes everything into one file, while people go on working')
  .argument('<file>', 'where to; it holds personal data')
  .option('--force', 'replaces a file of this name once the new one is whole')
  .addOption(jsonOption())
  .action(async (file: string, options: { force?: boolean } & JsonOption) => {
    const { backup } = await import('./commands/backup.ts')
    await backup(readConfig(), say, { file, force: options.force ?? false, json: options.json ?? false })
  })

program
  .command('restore')
  .description('Loads a backup into an empty database, embedded or served: all or nothing')
  .argument('<file>', 'a file that `preau backup` wrote')
  .option('--keys <file>', 'where its private keys lie, if not beside it')
  .option('--demonstration', 'the backup is one of the demonstration')
  .option('--accept-alterations', 'loads evidence all the same that had been altered before the backup')
  .addOption(jsonOption())
  .action(
    async (
      file: string,
      options: { keys?: string; demonstration?: boolean; acceptAlterations?: boolean } & JsonOption,
    ): Promise<void> => {
      const { restore } = await import('./commands/restore.ts')
      await restore(readConfig(), say, {
        file,
        keys: options.keys,
        demonstration: options.demonstration ?? false,
        acceptAlterations: options.acceptAlterations ?? false,
        json: options.json ?? false,
      })
    },
  )

program
  .command('verify')
  .description('Proves the evidence in the database, and names what was altered')
  .option('--against <file>', 'also proves that nothing of this backup is gone')
  .option('--checkpoint <files...>', 'also proves that nothing was rewritten since these were handed out')
  .addOption(jsonOption())
  .action(async (options: { against?: string; checkpoint?: string[] } & JsonOption) => {
    const { verify } = await import('./commands/verify.ts')
    const isUnaltered = await verify(readConfig(), say, { ...options, json: options.json ?? false })
    if (!isUnaltered) process.exitCode = 1
  })

const keys = program.command('keys').description('The keys that attendance is signed with')
keys
  .command('list')
  .description('The keys in the order in which they followed each other, and which are here')
  .addOption(jsonOption())
  .action(async (options: JsonOption) => {
    const { listKeys } = await import('./commands/keys.ts')
    await listKeys(readConfig(), say, options.json ?? false)
  })
keys
  .command('create')
  .description('Makes a key that is not in use yet, so that every machine can be given it first')
  .addOption(jsonOption())
  .action(async (options: JsonOption) => {
    const { createKey } = await import('./commands/keys.ts')
    createKey(readConfig(), say, options.json ?? false)
  })
keys
  .command('rotate')
  .description('From now on another key signs, introduced by the current one')
  .option('--to <key>', 'one that `preau keys create` made; else a new one')
  .option('--remove-old', 'deletes the file of the private key that signs no more')
  .option('--lost', 'the current key is lost: nobody introduces the next one')
  .addOption(jsonOption())
  .action(async (options: { to?: string; removeOld?: boolean; lost?: boolean } & JsonOption) => {
    const { rotate } = await import('./commands/keys.ts')
    await rotate(readConfig(), say, {
      to: options.to,
      removesOld: options.removeOld ?? false,
      isLost: options.lost ?? false,
      json: options.json ?? false,
    })
  })

program
  .command('openapi')
  .description('Prints the OpenAPI document')
  .addOption(jsonOption())
  .action(async () => {
    const { openApiJson } = await import('./commands/openapi.ts')
    process.stdout.write(openApiJson())
  })

program
  .command('demo')
  .description('Serves a demonstration organisation from its own folder')
  .addOption(jsonOption())
  .action(async (options: JsonOption) => {
    const { demo } = await import('./commands/demo/demo.ts')
    await demo(readConfig(), say, options.json ?? false)
  })

type JsonOption = { json?: boolean }

function jsonOption(): Option {
  return new Option('--json', 'prints for machines')
}

try {
  await program.parseAsync()
} catch (error) {
  const message = messageFor(error)
  if (process.argv.includes('--json')) say(JSON.stringify({ error: message }))
  else process.stderr.write(`${message}\n`)
  process.exitCode = 1
}

/** One line for what people can mend; a stack for what is ours. */
function messageFor(error: unknown): string {
  if (error instanceof Problem) {
    const fields = (error.details.errors ?? []).map(({ pointer, detail }) => `${pointer}: ${detail}`)
    return [error.message, ...fields].join('\n')
  }
  if (!(error instanceof Error)) return String(error)
  const isForPeople = error.name === 'Error' || error.name === 'UnusableDatabase'
  return isForPeople ? error.message : (error.stack ?? error.message)
}
