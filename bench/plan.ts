import type { Scheme } from "./server";
import type { ContenderName } from "./worker/job";

export interface Step {
  contender: ContenderName;
  scheme: Scheme;
  size: number;
  round: number;
}

export interface Plan {
  sizes: number[];
  rounds: number;
  /** Rounds of sizes above LARGE, which take most of the time. */
  largeRounds: number;
  contenders: ContenderName[];
  schemes: Scheme[];
  /** More environment for the engine. */
  env: Record<string, string>;
}

const LARGE = 500;

// Seconds of a life on two cores, for a first guess of how long it all takes: some for its processes, and some for
// each resource.
const SECONDS: Record<ContenderName, [perLife: number, perResource: number]> = {
  a: [6, 0.18],
  b: [6, 0.16],
  c: [6, 0.6],
  d: [4, 0.14],
};

export function secondsOf({ contender, size }: Step): number {
  const [perLife, perResource] = SECONDS[contender];
  return perLife + size * perResource;
}

/**
 * All lives in the order in which they are lived: the contenders of a round one after the other, each round in
 * another order, so that a slow minute of the machine hits all alike. An empty stack tells what an engine takes
 * before its first resource.
 */
export function stepsOf(plan: Plan): Step[] {
  const most = Math.max(plan.rounds, plan.largeRounds);
  const rounds = Array.from({ length: most }, (_, round) => round);
  return rounds.flatMap((round) =>
    [0, ...plan.sizes]
      .filter((size) => round < (size > LARGE ? plan.largeRounds : plan.rounds))
      .flatMap((size) => stepsOfRound(plan, size, round)),
  );
}

function stepsOfRound({ contenders, schemes }: Plan, size: number, round: number): Step[] {
  const pairs = contenders.flatMap((contender) =>
    schemes
      .filter((scheme) => takesPart({ contender, scheme, size, round }))
      .map((scheme) => ({ contender, scheme, size, round })),
  );
  const first = round % Math.max(1, pairs.length);
  return [...pairs.slice(first), ...pairs.slice(0, first)];
}

/**
 * An empty resource calls nobody, so it has no scheme; what curl is to beat over TLS, axios needn't; and one life
 * of a large stack of closures takes ten minutes.
 */
function takesPart({ contender, scheme, size, round }: Step): boolean {
  if (contender === "c" && size > LARGE) return scheme === "http" && round === 0;
  return scheme === "http" || (size > 0 && contender !== "b");
}
