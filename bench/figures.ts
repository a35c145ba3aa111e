/** What is compared: the names in the tables. */
export const CONTENDERS = {
  dynamic: "this package",
  native: "its native plugin",
  curl: "curl in a command",
  closures: "axios in closures",
  empty: "an empty dynamic resource",
};

export type Contender = keyof typeof CONTENDERS;

/** What was measured, of whom, round by round. */
export class Figures {
  private readonly values = new Map<string, number[]>();

  add(what: string, who: string, value: number): void {
    this.values.set(`${what} of ${who}`, [...this.of(what, who), value]);
  }

  of(what: string, who: string): number[] {
    return this.values.get(`${what} of ${who}`) ?? [];
  }

  /** The sum of some figures, round by round. */
  sumOf(whats: string[], who: string): number[] {
    const [first = [], ...others] = whats.map((what) => this.of(what, who));
    return first.map((value, round) =>
      others.reduce((sum, other) => sum + (other[round] ?? Number.NaN), value),
    );
  }
}

export function median(values: number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const [low = Number.NaN, high = Number.NaN] = [
    sorted[(sorted.length - 1) >> 1],
    sorted[sorted.length >> 1],
  ];
  return (low + high) / 2;
}
