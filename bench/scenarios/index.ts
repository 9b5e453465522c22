import { largeAnswer } from './large-answer.ts'
import { newConnection } from './new-connection.ts'
import { pipelined, pipelinedGathered } from './pipelined.ts'
import { post } from './post.ts'
import type { Scenario } from './scenario.ts'
import { smallGet } from './small-get.ts'

export const SCENARIOS: readonly Scenario[] = [
  smallGet,
  largeAnswer,
  post,
  newConnection,
  pipelined,
  pipelinedGathered,
]
