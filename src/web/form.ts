/** Forms that work without a script: their fields as people see them, and what they send. */
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { html } from 'hono/html'
import type { AppEnv } from '../platform/http/router.ts'
import type { FieldError } from '../platform/problem.ts'
import { tooLarge, unsupportedMediaType } from '../platform/problems.ts'
import type { Html } from './layout.ts'

export type Field = {
  name: string
  label: string
  type: 'text' | 'email' | 'password'
  autocomplete: string
  hint?: string
  /** What to do when it is wrong. */
  error: string
}

/** A new password, wherever one is chosen. */
export const newPasswordField: Field = {
  name: 'password',
  label: 'Mot de passe',
  type: 'password',
  autocomplete: 'new-password',
  hint: 'Huit caractères au moins. Une phrase se retient mieux qu’un mot compliqué.',
  error: 'Choisissez un mot de passe de 8 à 200 caractères.',
}

const errorTexts: Record<string, string> = {
  'too-easy-to-guess':
    'Ce mot de passe est trop facile à deviner. Prenez plutôt quatre mots sans rapport entre eux, avec des espaces.',
  'people/wrong-password': 'Ce n’est pas votre mot de passe actuel.',
}

/** What is wrong with which field, in words for people. */
export function errorsOf(fields: readonly Field[], errors: readonly FieldError[]): Map<string, string> {
  return new Map(
    fields.flatMap((field) => {
      const error = errors.find(({ pointer }) => pointer === `/${field.name}`)
      return error ? [[field.name, errorTexts[error.code] ?? field.error]] : []
    }),
  )
}

/** Said once above the form, since the field may be out of sight. */
export function errorSummary(errors: ReadonlyMap<string, string>): Html | false {
  return (
    errors.size > 0 &&
    html`<p class="alert" role="alert">Corrigez ${errors.size === 1 ? 'le champ signalé' : 'les champs signalés'}, puis envoyez de nouveau.</p>`
  )
}

/** A label, a hint and what is wrong, tied to their input. A password never comes back. */
export function fieldInput(field: Field, typed: string | undefined, error: string | undefined): Html {
  const { name, label, type, autocomplete, hint } = field
  const described = [...(hint ? [`${name}-hint`] : []), ...(error ? [`${name}-error`] : [])].join(' ')
  return html`<div class="field">
  <label for="${name}">${label}</label>
  ${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}
  <input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" required
    value="${type === 'password' ? '' : (typed ?? '')}"
    ${described && html`aria-describedby="${described}"`} ${error && html`aria-invalid="true"`}>
  ${error && html`<p class="error" id="${name}-error">${error}</p>`}
</div>`
}

/** A name, an address, passwords and a token: nothing near this. */
export const formLimit = bodyLimit({
  maxSize: 16_384,
  onError: () => {
    throw tooLarge()
  },
})

/** The fields that the form sent, and empty texts for those that it did not. Throws 415 on what is no form. */
export async function readForm<Name extends string>(
  c: Context<AppEnv>,
  names: readonly Name[],
): Promise<Record<Name, string>> {
  const mediaType = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (mediaType !== 'application/x-www-form-urlencoded') throw unsupportedMediaType()
  const form = new URLSearchParams(await c.req.text())
  return Object.fromEntries(names.map((name) => [name, form.get(name) ?? ''])) as Record<Name, string>
}
