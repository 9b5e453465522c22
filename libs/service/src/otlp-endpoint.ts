import { SettingsError } from './settings-error.ts'

/** Reads `OTEL_EXPORTER_OTLP_ENDPOINT`: to an address that is none the SDK would send nothing, and say nothing. */
export function parseOtlpEndpoint(text: string | undefined): string | undefined {
  const endpoint = text?.trim() ?? ''
  if (endpoint === '') return undefined
  if (/^https?:\/\//i.test(endpoint) && URL.canParse(endpoint)) return endpoint
  throw new SettingsError('OTEL_EXPORTER_OTLP_ENDPOINT', endpoint, 'a URL such as http://collector:4318')
}
