import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, loadavg, release, type } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { version as sdk } from "@pulumi/pulumi/version";
import { findEngine } from "../tools/engine";
import { bundlePlugin, PLUGIN_FOLDER } from "../tools/plugin/bundle";
import { countRequests, roundOfCalls } from "./calls";
import { ROOT } from "./child";
import { roundOnEngine } from "./engine";
import { Figures } from "./figures";
import { report } from "./report";

const PAGE = "bench/RESULTS.md";

/** What the figures are taken on. */
function circumstances(): string {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: ROOT, encoding: "utf8" }).trim();
  const changed = git("status", "--porcelain", "--", ".", `:!${PAGE}`);
  const commit = `${git("rev-parse", "--short=12", "HEAD")}${changed && " with uncommitted changes"}`;
  const date = new Date().toISOString().slice(0, 10);
  const system = `${cpus().length} cores (${cpus()[0]?.model}) under ${type()} ${release()}`;
  const [load = 0] = loadavg();
  const rough = load > 1.5 ? " **With so much other work beside it, its times say little.**" : "";
  return (
    `Taken on ${date} at commit ${commit}, with Node.js ${process.version} and @pulumi/pulumi ${sdk}, on ${system}, ` +
    `whose load average was ${load.toFixed(1)} beforehand.${rough}`
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rounds: { type: "string", default: "5" } } });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error("Usage: npm run bench -- [--rounds 5]");
  // Ctrl-C ends the engine in good order; what it left is destroyed, and the benchmark ends.
  const interruption = new AbortController();
  process.once("SIGINT", () => interruption.abort(new Error("Interrupted; the page has the rounds so far.")));
  const takenOn = circumstances();
  const engine = await findEngine(console.log, interruption.signal);
  await bundlePlugin(PLUGIN_FOLDER);
  process.env.PATH = [PLUGIN_FOLDER, dirname(engine.path), process.env.PATH].join(delimiter);
  const figures = new Figures();
  await countRequests(figures);
  for (let round = 0; round < rounds; round++) {
    await roundOfCalls(figures, round);
    await roundOnEngine(engine, figures, round, interruption.signal);
    writeFileSync(
      join(ROOT, PAGE),
      report(figures, `Pulumi ${engine.version}, ${round + 1} of ${rounds} rounds. ${takenOn}`),
    );
  }
}

main().catch((error: unknown) => {
  process.exitCode = 1;
  console.error(error);
});
