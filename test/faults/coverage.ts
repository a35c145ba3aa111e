import { CALLS } from "./exchange";
import { treatmentsOf } from "./treatments";

/** What the lives of a run really met, counted where it was served. */
export class Coverage {
  private readonly counts = new Map<string, number>();

  add(met: ReadonlyMap<string, number>): void {
    for (const [what, times] of met) this.counts.set(what, (this.counts.get(what) ?? 0) + times);
  }

  missingOf(wanted: readonly string[]): string[] {
    return wanted.filter((what) => !this.counts.has(what));
  }

  /** One line for what there is one of, and for each treatment one with its count for each call. */
  table(): string {
    const cell = (text: string | number) => String(text).padStart(16);
    const names = new Set(CALLS.flatMap((call) => Object.keys(treatmentsOf(call))));
    const rows = [...names].sort().map((name) => {
      const counts = CALLS.map((call) =>
        name in treatmentsOf(call) ? (this.counts.get(`${call}: ${name}`) ?? 0) : "-",
      );
      return [name.padEnd(50), ...counts.map(cell)].join("");
    });
    const servers = SERVERS.map((what) => what.padEnd(50) + cell(this.counts.get(what) ?? 0));
    return [...servers, "".padEnd(50) + CALLS.map(cell).join(""), ...rows].join("\n");
  }
}

/** What the services of a run's lives are, and who comes to them. */
export const SERVERS = [
  "a CAS of the flavor mrs",
  "a CAS of the flavor jasig",
  "a CAS of the flavor apereo",
  "a request led away from its drained node",
  "a session's cookie rotated",
  "the first project",
  "the second project",
  "keys accepted",
  "rotated keys accepted",
  "keys of another account accepted",
  "a token accepted",
  "keys refused",
  "a token refused",
] as const;
export type Server = (typeof SERVERS)[number];

export const TREATMENTS = CALLS.flatMap((call) =>
  Object.keys(treatmentsOf(call)).map((name) => `${call}: ${name}`),
);
