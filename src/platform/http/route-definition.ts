/** What a route says of itself: the router acts on it, the OpenAPI document shows it. */
import type { z } from '@hono/zod-openapi'
import type { Relation } from '../access.ts'
import type { ProblemFactory } from '../problem.ts'

/** What a route takes raw instead of JSON: the kinds of file, and how large. */
export type UploadLimits = { mediaTypes: readonly string[]; mostBytes: number }

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
export type AnyObject = z.ZodObject

/** The names between braces: `'/api/slots/{id}'` → `'id'`. */
export type ParamNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamNames<Rest>
  : never

/** One request as a client might send it, and the answer to it: the document shows them, the tests try them. */
type RouteExample<
  Path extends string,
  Query extends AnyObject,
  Body extends z.ZodType,
  Answer extends z.ZodType,
> = {
  params?: Record<ParamNames<Path>, string>
  query?: Partial<z.input<Query>>
  body?: z.input<Body>
  /** The beginning of a file that is text. */
  upload?: string
  answer?: z.output<Answer>
  /** The beginning of an answer that is text and not JSON. */
  text?: string
}

export type RouteDefinition<
  Path extends string,
  Query extends AnyObject,
  Body extends z.ZodType,
  Answer extends z.ZodType,
  Upload extends UploadLimits | undefined,
> = {
  method: Method
  /** OpenAPI form: `/api/sessions/{id}`. `{id}` and `{…Id}` are UUIDs. */
  path: Path
  /** One sentence, the French term of the trade in «guillemets» where it helps. */
  summary: string
  tag: string
  /** Who may; the service enforces it, the document shows it. */
  access: readonly Relation[]
  /** For who has signed in; an API token is refused, whosever it is. */
  signInOnly?: boolean
  /** What parameters of the path stand for, where their names do not say it. */
  params?: Partial<Record<ParamNames<Path>, string>>
  query?: Query
  body?: Body
  /**
   * The body is the bytes of one file, of one of these media types (415), not empty (422) and no larger (413), and the
   * handler gets it as `upload`. What is in it is for the verb to check: a sender can call anything a PDF.
   */
  upload?: Upload
  /** An empty body is an empty object. */
  bodyOptional?: boolean
  /** The change needs `If-Match`, or looks at it where it is sent. */
  ifMatch?: true | 'optional'
  /**
   * Takes an `Idempotency-Key`: sent again, it does nothing again and answers as at first. `secretBody`: a password may
   * be in what is sent; `secretAnswer`: what it answers is shown once and not kept for a repeat.
   */
  idempotent?: true | 'secretBody' | 'secretAnswer'
  status?: 200 | 201
  /** Absent: the handler answers by itself, or with 204. */
  answer?: Answer
  /** Media type of an answer that is not JSON, or those of which it is one. */
  produces?: string | readonly string[]
  /** Such an answer carries an `ETag` and can be asked for with `If-None-Match`; answers in JSON always do. */
  isTagged?: true
  /** The same for everybody and nobody's secret: any cache may keep it and asks before it gives it out. */
  isShared?: true
  /** The same in other forms: paths with the parameters of this one, and their media types. */
  alternates?: readonly { path: string; type: string }[]
  /** Where what was made is found by its id: `/api/people/{id}`. */
  location?: string
  example?: RouteExample<Path, Query, Body, Answer>
  /** The errors it can raise besides those that follow from the parts above. */
  problems?: readonly ProblemFactory[]
}

export type AnyRoute = RouteDefinition<string, AnyObject, z.ZodType, z.ZodType, UploadLimits | undefined>
