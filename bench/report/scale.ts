/** The least of 1, 2 or 5 times a power of ten that makes at most six steps. */
export function stepOf(top: number): number {
  const power = 10 ** Math.floor(Math.log10(top / 6));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => top / step <= 6) ?? top;
}

/** The marks of an axis from 0. */
export function marksOf(top: number): number[] {
  const step = stepOf(top);
  return Array.from({ length: Math.floor(top / step + 1e-9) + 1 }, (_, index) => index * step);
}
