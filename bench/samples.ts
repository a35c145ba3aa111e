// What is measured. (Node.js would take "./figures" for figures.json.)

/** One measurement. Its size is the number of resources in a stack, of calls at once, or of sessions. */
export interface Sample {
  table: "engine" | "calls" | "memory" | "requests";
  who: keyof typeof WHO;
  size: number;
  round: number;
  /** By column. */
  values: Record<string, number>;
}

/** One half of the benchmark. */
export interface Half {
  takenOn: string;
  rounds: number;
  /** Of the stacks, the one for growth included. */
  sizes: number[];
  /** What was not measured, and why. */
  notes: string[];
  samples: Sample[];
}

export type Figures = Partial<Record<"engine" | "host", Half>>;

export const WHO = {
  a: "(a) this package",
  n: "(n) its native plugin",
  b: "(b) empty dynamic resource",
  c: "(c) axios in closures",
  d: "(d) curl in a command",
  package: "this package",
  axios: "bare axios",
  WebCliSession: "WebCliSession",
  CasSession: "CasSession",
};
