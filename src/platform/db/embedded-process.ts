/** Starts PostgreSQL so that it never outlives this process, and ends it. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Binaries, programEnvironment } from './embedded-binaries.ts'
import { openLog, type ServerLog } from './embedded-log.ts'
import { type Place, socketPort } from './embedded-paths.ts'
import { isServedBy } from './embedded-postmaster.ts'
import { failedProgram } from './embedded-problems.ts'

/**
 * `read` returns when the pipe from Node closes, which the kernel sees to however Node ends, `kill -9` included; SIGINT
 * is PostgreSQL's fast shutdown. A signal sent to a whole service (as systemd does) must not end the watchdog before it
 * has done its work, and a Node that ended before `echo` must not either: the reader stands by then.
 */
const watchdog = `
trap '' HUP INT TERM PIPE
exec 3<&0
"$0" "$@" </dev/null >&2 3<&- &
server=$!
{ read -r _ <&3; kill -INT $server 2>/dev/null; } &
reader=$!
echo $server
wait $server
status=$?
kill -9 $reader 2>/dev/null
exit $status
`

export type Server = {
  /** Asks for a fast shutdown (sessions end, what is committed is on disk) and waits for the end. */
  stop(): Promise<void>
}

type StartOptions = {
  place: Place
  binaries: Binaries
  socketFolder: string
  settings: Record<string, string>
  /** The process that a left-over `postmaster.pid` names, known not to be PostgreSQL. */
  formerPid: number | undefined
  log: (line: string) => void
}

/** The types of Node leave out that pipes are sockets, and that a file may stand in the place of one. */
type Child = ChildProcessByStdio<Socket, Socket, null>

/** Recovery after a crash can take longer than a start, and must not be cut off: it would begin again each time. */
const startLimitMs = 120_000

/**
 * Starts PostgreSQL on the cluster and waits until it serves. Returns undefined when another PostgreSQL took the cluster
 * first. Throws `UnusableDatabase` with PostgreSQL's own last lines when it does not start.
 */
export async function startServer(options: StartOptions): Promise<Server | undefined> {
  const { folder } = options.place
  const log = openLog(options.place)
  const child = spawnServer(options, log)
  const ended = new Promise((resolve) => child.once('exit', resolve))
  let isStopping = false
  const stop = async (): Promise<void> => {
    isStopping = true
    child.ref()
    child.stdin.end()
    await ended
  }
  try {
    if (!(await serves(options.place, child))) {
      await stop()
      if (log.written().includes('lock file "postmaster.pid" already exists')) return undefined
      throw failedProgram('PostgreSQL did not start', folder, log.written())
    }
  } finally {
    log.close()
  }
  // A process that has nothing else to do may end without `stop()`: the watchdog then stops PostgreSQL.
  child.unref()
  child.stdin.unref()
  void ended.then(() => {
    if (isStopping) return
    options.log(failedProgram('PostgreSQL ended by itself', folder, log.written()).message)
  })
  return { stop }
}

function spawnServer(options: StartOptions, log: ServerLog): Child {
  const { place, binaries, socketFolder, formerPid } = options
  const settings = {
    listen_addresses: '',
    unix_socket_directories: `"${socketFolder.replaceAll('"', '""')}"`, // a list: quoted for commas and spaces
    unix_socket_permissions: '0700',
    port: String(socketPort),
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    log_min_messages: 'log', // refused statements, with the personal data in them, are the application's to report
    ...options.settings,
  }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return spawn('/bin/sh', ['-c', watchdog, binaries.postgres, '-D', place.cluster, ...args], {
    ...place.account,
    cwd: '/',
    detached: true, // Ctrl-C in a terminal goes to the whole group: PostgreSQL must outlast the draining
    stdio: ['pipe', 'pipe', log.descriptor],
    env: {
      ...programEnvironment,
      // PostgreSQL refuses to start while the process of an old postmaster.pid runs, unless told that it is a relative.
      ...(formerPid !== undefined && { PG_GRANDPARENT_PID: String(formerPid) }),
    },
  }) as Child
}

/** Waits until PostgreSQL serves (true), or ended or took too long (false). */
async function serves(place: Place, child: Child): Promise<boolean> {
  child.stdin.on('error', () => {}) // the watchdog ended first: `exit` tells
  await once(child, 'spawn')
  const pid = await firstNumber(child.stdout)
  child.stdout.destroy()
  const deadline = Date.now() + startLimitMs
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    if (await isServedBy(place, pid)) return true
    await sleep(10)
  }
  return false
}

async function firstNumber(stream: Readable): Promise<number | undefined> {
  for await (const line of createInterface(stream)) return Number(line)
  return undefined
}
