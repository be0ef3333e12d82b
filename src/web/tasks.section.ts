/** What there is to do, at the top of one's account. */
import { html } from 'hono/html'
import type { Task } from '../attendance/follow-up/tasks.rules.ts'
import { frenchDate } from '../documents/typography.ts'
import type { Html } from './layout.ts'

const mostShown = 20

/** The page where a task is done; what has none is done by the API. */
function pageOf({ kind, sessionId }: Task): string | undefined {
  switch (kind) {
    case 'signSlot':
      return `/sessions/${sessionId}/sign`
    case 'markSlot':
    case 'countersignSlot':
    case 'sealSlot':
    case 'settleConflict':
    case 'sealSheets':
    case 'collectSignatures':
      return `/sessions/${sessionId}/attendance`
    default:
      return undefined
  }
}

export function tasksSection(tasks: readonly Task[]): Html | false {
  return (
    tasks.length > 0 &&
    html`<section>
<h2>À faire</h2>
<ul class="things">
  ${tasks.slice(0, mostShown).map(taskItem)}
</ul>
${tasks.length > mostShown && html`<p class="hint">Et ${tasks.length - mostShown} autres.</p>`}
</section>`
  )
}

function taskItem(task: Task): Html {
  const page = pageOf(task)
  return html`<li><span>${page ? html`<a href="${page}">${task.title}</a>` : task.title}
    ${task.dueOn !== null && html`<span class="small">pour le ${frenchDate(task.dueOn)}</span>`}</span></li>`
}
