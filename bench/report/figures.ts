import type { Life } from "../life";
import type { Run } from "../results";
import type { Scheme } from "../server";
import { type Spread, spread } from "../stats";
import type { ContenderName } from "../worker/job";

export type ActionName = "up" | "again" | "destroy";
export type Pick = (life: Life) => number | undefined;

export const ACTIONS: readonly ActionName[] = ["up", "again", "destroy"];

export const secondsOf = (...actions: ActionName[]): Pick => {
  return (life) => actions.reduce((sum, action) => sum + life[action].seconds, 0);
};

/** The greatest of the three actions. */
export const peakOf = (key: "engineBytes" | "hostBytes"): Pick => {
  return (life) => {
    const peaks = ACTIONS.flatMap((action) => life[action][key] ?? []);
    return peaks.length === 0 ? undefined : Math.max(...peaks);
  };
};

/** What the runs say, by contender, scheme and size. */
export class Figures {
  constructor(readonly runs: readonly Run[]) {}

  /** From the least to the greatest, the empty stack left out. */
  get sizes(): number[] {
    const all = new Set(this.runs.map((run) => run.size));
    return [...all].filter((size) => size > 0).sort((one, other) => one - other);
  }

  get schemes(): Scheme[] {
    return (["http", "https"] as const).filter((scheme) => this.runs.some((run) => run.scheme === scheme));
  }

  contenders(scheme: Scheme, size: number): ContenderName[] {
    return (["a", "b", "c", "d"] as const).filter((name) => this.of(name, scheme, size).length > 0);
  }

  of(contender: ContenderName, scheme: Scheme, size: number): Run[] {
    // An empty resource calls nobody: what it takes is the same over https.
    const asked = contender === "b" ? "http" : scheme;
    return this.runs.filter(
      (run) => run.contender === contender && run.scheme === asked && run.size === size,
    );
  }

  spread(contender: ContenderName, scheme: Scheme, size: number, pick: Pick): Spread | undefined {
    return spread(this.of(contender, scheme, size).map(pick));
  }

  /** How (a) compares with another, round by round: what slowed a round down slowed down both. */
  ratio(other: ContenderName, scheme: Scheme, size: number, pick: Pick): Spread | undefined {
    const others = this.of(other, scheme, size);
    return spread(
      this.of("a", scheme, size).map((run) => {
        const own = pick(run);
        const rival = others.find(({ round }) => round === run.round);
        const their = rival && pick(rival);
        return own === undefined || !their ? undefined : own / their;
      }),
    );
  }

  /** Bytes of state for each resource, all that comes with them included. */
  stateBytes(contender: ContenderName, scheme: Scheme, size: number): Spread | undefined {
    const empty = this.spread(contender, "http", 0, (life) => life.stateBytes);
    if (!empty) return undefined;
    return this.spread(contender, scheme, size, (life) => (life.stateBytes - empty.median) / size);
  }

  /** Seconds of an up for each resource, beyond what an empty stack takes. */
  secondsEach(contender: ContenderName, size: number): number | undefined {
    const empty = this.spread(contender, "http", 0, secondsOf("up"));
    const full = this.spread(contender, "http", size, secondsOf("up"));
    return empty && full && (full.median - empty.median) / size;
  }
}
