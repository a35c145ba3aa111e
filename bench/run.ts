import { mkdirSync } from "node:fs";
import { benchEngine } from "./engine";
import { benchHost } from "./host";
import { BadUsage, parseOptions, USAGE } from "./options";
import { writeReport } from "./report";
import { readResults, writeResults } from "./results";

// What runs is ended by the same Ctrl-C, and withStack destroys what it left; then no further life is begun.
const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => interruption.abort(new Error("interrupted: the figures so far are kept")));
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  const { out, parts } = options;
  mkdirSync(out, { recursive: true });
  try {
    if (parts.includes("host")) writeResults(out, { host: await benchHost(options.quick) });
  } catch (error) {
    // The engine's half takes most of the time, and does not need this one.
    fail(error);
  }
  try {
    interruption.signal.throwIfAborted();
    if (parts.includes("engine")) {
      await benchEngine(options, (engine) => writeResults(out, { engine }), interruption.signal);
    }
  } finally {
    await writeReport(out, readResults(out));
  }
}

function fail(error: unknown): void {
  process.exitCode ||= 1;
  if (error instanceof BadUsage) console.error(`${error.message}\n${USAGE}`);
  else console.error(error);
}

main().catch(fail);
