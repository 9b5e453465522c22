// The compose files by the Compose Specification, as far as they use it: a field that is not read here, or has another form,
// fails, because `docker compose` would refuse or ignore it where no test sees it.
import { describe, expect, test } from '@jest/globals'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { ROOT } from './read-manifests.ts'

type Form = (value: unknown) => boolean

const text =
  (pattern: RegExp): Form =>
  (value) =>
    typeof value === 'string' && pattern.test(value)
const listOf =
  (form: Form): Form =>
  (value) =>
    Array.isArray(value) && value.length > 0 && value.every(form)
const mapOf =
  (form: Form): Form =>
  (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(form)
const only =
  (fields: Readonly<Record<string, Form>>): Form =>
  (value) =>
    mapOf(() => true)(value) &&
    Object.entries(value as object).every(([name, one]) => fields[name]?.(one) ?? false)

const FILE = text(/^[\w./-]+$/)
const DURATION = text(/^\d+s$/)
/** A number or a word written as YAML's own type would reach the container as text of another form. */
const TEXT = text(/^/)

const SERVICE: Readonly<Record<string, Form>> = {
  image: text(/^localhost\/postern\/[\w-]+:[\w.-]+$/),
  build: only({ context: FILE, dockerfile: FILE }),
  ports: listOf(text(/^(127\.0\.0\.1:)?\d+:\d+$/)),
  environment: mapOf(TEXT),
  depends_on: mapOf(only({ condition: text(/^service_(started|healthy)$/) })),
  healthcheck: only({ test: listOf(TEXT), interval: DURATION, timeout: DURATION, start_period: DURATION }),
  restart: text(/^unless-stopped$/),
  read_only: (value) => value === true,
  cap_drop: listOf(text(/^ALL$/)),
  security_opt: listOf(text(/^no-new-privileges:true$/)),
  stop_grace_period: DURATION,
  sysctls: mapOf(TEXT),
  tmpfs: listOf(text(/^\/[\w/]+$/)),
}

const FILES = ['compose.yaml', 'deploy/compose/material.yaml']
const read = (file: string): unknown => parse(readFileSync(join(ROOT, file), 'utf8'), { merge: true })
const servicesOf = (file: string): Readonly<Record<string, Readonly<Record<string, unknown>>>> =>
  (read(file) as { services: Record<string, Record<string, unknown>> }).services

/** `users.tmpfs` of every field that is none of the specification's, or not in its form. */
function wrongFields(
  services: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): readonly string[] {
  return Object.entries(services).flatMap(([name, service]) =>
    Object.entries(service)
      .filter(([field, value]) => !(SERVICE[field]?.(value) ?? false))
      .map(([field]) => `${name}.${field}`),
  )
}

describe('compose files', () => {
  test.each(FILES)('V49 %s: every field is one of the specification’s, in a form it takes', (file) => {
    expect(
      Object.keys(read(file) as object).filter((key) => !/^(version|services|x-\w+)$/.test(key)),
    ).toEqual([])
    expect(wrongFields(servicesOf(file))).toEqual([])
  })

  test('V49 a field that is misspelt, or a value of another type, is told', () => {
    expect(wrongFields({ a: { tmpfss: ['/tmp'] }, b: { environment: { DEMO_MODE: true } } })).toEqual([
      'a.tmpfss',
      'b.environment',
    ])
  })

  test('what is built stands there, and nobody waits for a service without a health check', () => {
    for (const [name, { build, depends_on: awaited = {} }] of Object.entries(servicesOf('compose.yaml'))) {
      const { context, dockerfile } = build as { context: string; dockerfile: string }
      expect([name, existsSync(join(ROOT, context, dockerfile))]).toEqual([name, true])
      for (const other of Object.keys(awaited as object))
        expect(servicesOf('compose.yaml')[other]).toHaveProperty('healthcheck')
    }
  })
})
