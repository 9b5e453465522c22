/** A value at a moment. */
export interface Point {
  readonly atS: number
  readonly value: number
}

/**
 * The slope of a line through points, per second: the median of the slopes between all pairs (Theil–Sen), which a few
 * outliers, as a late collection or a busy machine makes them, do not move.
 */
export function slopeOf(points: readonly Point[]): number {
  const slopes = points
    .flatMap((one, index) =>
      points.slice(index + 1).map((other) => (other.value - one.value) / (other.atS - one.atS)),
    )
    .sort((one, other) => one - other)
  return slopes[Math.floor(slopes.length / 2)] ?? 0
}
