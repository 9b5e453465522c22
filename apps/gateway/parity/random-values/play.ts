// Random values all the way: compiled, prepared, and met by requests. Whatever they are, the neighbours are served as before.
import {
  createCompiler,
  DEFAULT_COMPILE_SETTINGS,
  type Compiler,
  type Manifest,
} from '@postern/control-plane'
import { createRehearsal } from '@postern/data-plane'
import { parseExplainRequest, syntheticExchange } from '@postern/explain'
import type { RoutingTable } from '@postern/routing-table'
import { ingress, opaqueSecret, serviceAt } from '@postern/testing'
import { randomNumbers } from '../random.ts'
import { readNames, type Names } from './names.ts'
import { randomPath, randomValue } from './random-value.ts'

export interface Tally {
  readonly seed: number
  /** Annotation values, and values of the ConfigMap's keys. */
  values: number
  configMapValues: number
  rounds: number
  /** How many values each name had at least. */
  fewestPerName: number
  /** Processor time of the slowest round, everything it does included; milliseconds. */
  slowestMs: number
  slowest: string
  /** Rounds beyond the limit, again and again; what was thrown; neighbours that were served otherwise. */
  readonly findings: string[]
}

/** A round may take so long, in milliseconds of processor time. */
const LIMIT_MS = 50
const VALUES_PER_ROUND = 8
const WARM_UP_ROUNDS = 200
const CONFIG = { namespace: 'postern', name: 'settings' }

interface Round {
  readonly annotations: Readonly<Record<string, string>>
  readonly configMap: Readonly<Record<string, string>>
  readonly path: string
  readonly compat: 'ingress-nginx' | 'spec'
}

/** Plays rounds until `values` values were met. The same seed plays the same rounds. */
export async function playRandomValues(seed: number, values: number): Promise<Tally> {
  const names = readNames()
  const dice = randomNumbers(seed)
  const counts = new Map<string, number>()
  const tally: Tally = {
    ...{
      seed,
      values: 0,
      configMapValues: 0,
      rounds: 0,
      fewestPerName: 0,
      slowestMs: 0,
      slowest: '',
      findings: [],
    },
  }
  const rooms = { 'ingress-nginx': new Room('ingress-nginx'), spec: new Room('spec') }
  for (let warm = 0; warm < WARM_UP_ROUNDS; warm++)
    await rooms['ingress-nginx'].play(roundOf(names, dice, counts))
  counts.clear()
  while (tally.values + tally.configMapValues < values) {
    const round = roundOf(names, dice, counts)
    tally.rounds += 1
    tally.values += Object.keys(round.annotations).length
    tally.configMapValues += Object.keys(round.configMap).length
    await judge(round, rooms[round.compat], tally)
  }
  const all = [...names.annotations, ...names.configMap.map((name) => `configmap ${name}`)]
  tally.fewestPerName = Math.min(...all.map((name) => counts.get(name) ?? 0))
  return tally
}

function roundOf(names: Names, dice: (below: number) => number, counts: Map<string, number>): Round {
  const ofConfigMap = dice(8) === 0
  const from = ofConfigMap ? names.configMap : names.annotations
  const chosen = Array.from({ length: VALUES_PER_ROUND }, () => from[dice(from.length)] ?? '')
  // Features say nothing without their switch; half of the rounds have some on.
  const switches = {
    canary: 'true',
    'enable-cors': 'true',
    affinity: 'cookie',
    'auth-type': 'basic',
    'use-regex': 'true',
  }
  const on = Object.entries(switches).filter(() => dice(6) === 0)
  const values = Object.fromEntries(chosen.map((name) => [name, randomValue(name, names, dice)]))
  for (const name of Object.keys(values)) {
    const key = ofConfigMap ? `configmap ${name}` : name
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return {
    annotations: { ...Object.fromEntries(on), ...(ofConfigMap ? {} : values) },
    configMap: ofConfigMap ? values : {},
    path: randomPath(dice),
    compat: dice(4) === 0 ? 'spec' : 'ingress-nginx',
  }
}

async function judge(round: Round, room: Room, tally: Tally): Promise<void> {
  const told = JSON.stringify(round).slice(0, 2_000)
  try {
    const first = await room.play(round)
    let { ms } = first
    // A collection of garbage may fall into a round. Patterns are remembered, so another try says something else.
    for (let again = 1; ms > LIMIT_MS && again <= 3; again++)
      ms = Math.min(ms, (await room.play(alike(round, again))).ms)
    if (ms > LIMIT_MS) tally.findings.push(`${ms.toFixed(1)} ms: ${told}`)
    if (ms > tally.slowestMs)
      Object.assign(tally, { slowestMs: Math.round(ms * 10) / 10, slowest: told.slice(0, 200) })
    if (first.touched !== undefined) tally.findings.push(`${first.touched} is served otherwise: ${told}`)
  } catch (error) {
    tally.findings.push(
      `thrown ${error instanceof Error ? (error.stack ?? error.message) : String(error)}: ${told}`,
    )
  }
}

function alike(round: Round, again: number): Round {
  const longer = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value + 'x'.repeat(again)]))
  return {
    ...round,
    annotations: longer(round.annotations),
    configMap: longer(round.configMap),
    path: `${round.path}${'x'.repeat(again)}`,
  }
}

const SHOP = [{ address: '127.0.0.1', port: 8080 }]
const rules = (host: string, path = '/') => [
  { host, paths: [{ path, service: 'shop', pathType: 'ImplementationSpecific' as const }] },
]

/** Who must be served as before: an Ingress of another namespace, and one of the same with a host and a Service of its own. */
const NEIGHBOURS: readonly Manifest[] = [
  ...serviceAt('shop', SHOP, 'victim'),
  ...serviceAt('shop', SHOP, 'evil'),
  ...serviceAt('own', SHOP, 'evil'),
  opaqueSecret('users', { auth: 'ann:{SHA}x', 'ca.crt': 'x' }, 'victim'),
  opaqueSecret('users', { auth: 'eve:{SHA}x', 'ca.crt': 'x' }, 'evil'),
  ingress({ name: 'victim', namespace: 'victim', rules: rules('victim.example') }),
  ingress({ name: 'own', namespace: 'evil', rules: [{ host: 'own.example', paths: [{ service: 'own' }] }] }),
].map((content) => ({ content }))

const HOSTS = ['victim.example', 'own.example']
const LONG = 'a'.repeat(3_000)
const COOKIE = `INGRESSCOOKIE=${LONG}|x; canary=always`
const HEADERS = [
  `X: ${LONG}`,
  `Authorization: Basic ${'A'.repeat(400)}`,
  'Origin: https://x.example',
  `Cookie: ${COOKIE}`,
]
const REQUESTS = [
  { url: 'http://evil.example/' },
  { url: `https://evil.example/${LONG}!?a=${LONG}`, headers: HEADERS },
  {
    url: 'http://evil.example/api/users/1',
    method: 'OPTIONS',
    headers: ['Origin: null', 'Access-Control-Request-Method: PUT'],
  },
].map(parseExplainRequest)

/** One gateway without sockets, whose tables change as those of a running one. */
class Room {
  readonly #compiler: Compiler
  readonly #before: string

  constructor(compat: Round['compat']) {
    this.#compiler = createCompiler({ ...DEFAULT_COMPILE_SETTINGS, compat, configMap: CONFIG })
    this.#before = neighbours(this.#compiler.compile({ manifests: NEIGHBOURS, diagnostics: [] }).table)
  }

  /** Processor time in milliseconds, and which neighbour changed. Annotations may change none; the operator's ConfigMap may. */
  async play(round: Round): Promise<{ ms: number; touched: string | undefined }> {
    const manifests = [...NEIGHBOURS, ...manifestsOf(round)]
    const from = process.threadCpuUsage()
    const { table } = this.#compiler.compile({ manifests, diagnostics: [] })
    const play = createRehearsal(table)
    for (const request of REQUESTS) {
      const exchange = syntheticExchange(request)
      if ('refused' in exchange) throw new Error(exchange.refused)
      await play(exchange)
    }
    const { user, system } = process.threadCpuUsage(from)
    const changed = Object.keys(round.configMap).length === 0 && neighbours(table) !== this.#before
    return { ms: (user + system) / 1_000, touched: changed ? 'a neighbour' : undefined }
  }
}

function manifestsOf({ annotations, configMap, path }: Round): readonly Manifest[] {
  const evil = ingress({ name: 'evil', namespace: 'evil', annotations, rules: rules('evil.example', path) })
  const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: CONFIG, data: configMap }
  return [{ content: evil }, ...(Object.keys(configMap).length === 0 ? [] : [{ content: settings }])]
}

/** What the neighbours are served by, and what holds for everybody. */
function neighbours({ hosts, settings, certificates, defaultRoute, backends }: RoutingTable): string {
  const own = hosts.filter(({ host }) => HOSTS.includes(host))
  const behind = backends.filter(({ id }) => !id.startsWith('evil/shop'))
  return JSON.stringify([own, settings, certificates, defaultRoute, behind])
}
