/** `preau report bpf`: the same figures as the API, on standard output. */
import { bpfCsv } from '../compliance/bpf.csv.ts'
import { bpfReport } from '../compliance/bpf.service.ts'
import type { Config } from '../config.ts'
import { systemCtx } from '../deps.ts'
import { openRuntime } from './runtime.ts'

/** Throws 422 on a period that is not one. */
export async function reportBpf(
  config: Config,
  options: { from: string; to: string; format: 'json' | 'csv' },
): Promise<void> {
  const runtime = await openRuntime(config)
  try {
    const report = await bpfReport(systemCtx(runtime.deps, 'report'), { from: options.from, to: options.to })
    process.stdout.write(options.format === 'csv' ? bpfCsv(report) : `${JSON.stringify(report, null, 2)}\n`)
  } finally {
    await runtime.close()
  }
}
