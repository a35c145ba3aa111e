import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { version as sdk } from "@pulumi/pulumi/version";
import { benchEngine } from "./engine";
import { benchHost } from "./host";
import { ROOT } from "./processes";
import { writeReport } from "./report";
import type { Figures } from "./samples";

const USAGE = `npm run bench -- [options]
  --rounds 5          rounds, of which the medians are taken
  --sizes 1,10,100    resources in a stack
  --growth 1000       one more run of each contender, at this size; 0 for none, which is the default with --sizes
  --only engine|host  one half; the figures of the other one stay`;

const FILE = join(ROOT, "bench/figures.json");
const MADE = ["bench/figures.json", "bench/RESULTS.md", "docs/cost.svg"];

function readOptions() {
  const text = { type: "string" } as const;
  const { values } = parseArgs({ options: { rounds: text, sizes: text, growth: text, only: text } });
  const { rounds = "5", sizes = "1,10,100", growth = values.sizes ? "0" : "1000", only } = values;
  const plan = { rounds: Number(rounds), sizes: sizes.split(",").map(Number), growth: Number(growth) };
  const numbers = [plan.rounds, ...plan.sizes, plan.growth + 1];
  if (numbers.some((value) => !Number.isInteger(value) || value < 1)) return undefined;
  if (![undefined, "engine", "host"].includes(only)) return undefined;
  return { plan, only };
}

/** What the figures are taken on. */
function origin(): string {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: ROOT, encoding: "utf8" }).trim();
  const changed = git("status", "--porcelain", "--", ".", ...MADE.map((path) => `:!${path}`));
  const commit = `${git("rev-parse", "--short=12", "HEAD")}${changed && " with uncommitted changes"}`;
  const machine = `${cpus().length} cores (${cpus()[0]?.model}), ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const date = new Date().toISOString().slice(0, 10);
  return `${date} at commit ${commit}, on ${machine}, ${type()} ${release()}, Node.js ${process.version}, @pulumi/pulumi ${sdk}`;
}

const load = (): Figures => (existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")) : {});

/** A line for each sample, so that a diff shows which ones changed. */
function save(more: Figures): void {
  const rounded = (_: string, value: unknown) =>
    typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
  const text = JSON.stringify({ ...load(), ...more }, rounded);
  writeFileSync(FILE, `${text.replaceAll(/(?=\{"table")/g, "\n")}\n`);
}

async function main(): Promise<void> {
  const options = readOptions();
  if (!options) {
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  const { plan, only } = options;
  const takenOn = origin();
  // Ctrl-C ends the engine in good order; what it left is destroyed, and the benchmark ends.
  const interruption = new AbortController();
  process.once("SIGINT", () => interruption.abort(new Error("Interrupted; the figures so far are kept.")));
  if (only !== "engine") save({ host: { ...(await benchHost(plan.rounds)), takenOn } });
  interruption.signal.throwIfAborted();
  if (only !== "host") {
    await benchEngine(plan, (engine) => save({ engine: { ...engine, takenOn } }), interruption.signal);
  }
  await writeReport(load());
}

main().catch((error: unknown) => {
  process.exitCode = 1;
  console.error(error);
});
