import { parseArgs } from "node:util";
import type { Plan } from "./plan";
import type { Scheme } from "./server";
import { ROOT } from "./worker";
import type { ContenderName } from "./worker/job";

export interface Options extends Plan {
  parts: ("host" | "engine")[];
  out: string;
  /** Few figures, to see that all works. */
  quick: boolean;
}

export const USAGE = `npm run bench -- [options]
  --sizes 10,100,1000     resources in a stack
  --rounds 5              rounds of sizes up to 500
  --large-rounds 3        rounds of greater sizes
  --contenders a,b,c,d    a this package, b an empty dynamic resource, c axios in closures, d curl in a command
  --schemes http,https
  --only host|engine|report   one part; report only writes the report of figures that are there
  --out bench             where figures.json, RESULTS.md and the plots go
  --env NAME=VALUE        for the engine, such as PULUMI_DISABLE_SECRET_CACHE=true; noted in the figures
  --quick                 sizes 10 and 100, one round, a short soak`;

const CONTENDERS: readonly ContenderName[] = ["a", "b", "c", "d"];
const SCHEMES: readonly Scheme[] = ["http", "https"];
const PARTS = ["host", "engine"] as const;

export class BadUsage extends Error {}

/** A list of words of a known set, in the order of that set. */
function some<T extends string>(known: readonly T[], text: string, option: string): T[] {
  const words = text.split(",");
  const wrong = words.find((word) => !known.some((one) => one === word));
  if (wrong !== undefined) throw new BadUsage(`--${option} knows ${known.join(", ")}, not ${wrong}`);
  return known.filter((one) => words.includes(one));
}

function whole(text: string, option: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new BadUsage(`--${option} wants whole numbers above 0, not ${text}`);
  return Number(text);
}

function variable(text: string): Record<string, string> {
  const [, name, value = ""] = /^(\w+)=(.*)$/.exec(text) ?? [];
  if (name === undefined) throw new BadUsage(`--env wants NAME=VALUE, not ${text}`);
  return { [name]: value };
}

function flags(args: string[]) {
  const text = { type: "string" } as const;
  const names = { sizes: text, rounds: text, "large-rounds": text, contenders: text, schemes: text };
  const options = { ...names, only: text, out: text, env: text, quick: { type: "boolean" } as const };
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new BadUsage(error instanceof Error ? error.message : String(error));
  }
}

export function parseOptions(args: string[]): Options {
  const given = flags(args);
  const { quick = false, only } = given;
  const sizes = given.sizes ?? (quick ? "10,100" : "10,100,1000");
  return {
    quick,
    sizes: sizes.split(",").map((size) => whole(size, "sizes")),
    rounds: whole(given.rounds ?? (quick ? "1" : "5"), "rounds"),
    largeRounds: whole(given["large-rounds"] ?? (quick ? "1" : "3"), "large-rounds"),
    contenders: some(CONTENDERS, given.contenders ?? CONTENDERS.join(), "contenders"),
    schemes: some(SCHEMES, given.schemes ?? SCHEMES.join(), "schemes"),
    parts: only === "report" ? [] : some(PARTS, only ?? PARTS.join(), "only"),
    out: given.out ?? `${ROOT}/bench`,
    env: given.env === undefined ? {} : variable(given.env),
  };
}
