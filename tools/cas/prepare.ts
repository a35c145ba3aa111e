// Runs before the CAS tests: gets what they run on, so that no test waits for a download.
import { findEngine } from "../engine";
import { findWar, missingRequirement } from ".";

async function prepare(interrupted: AbortSignal): Promise<void> {
  const missing = await missingRequirement(interrupted);
  if (missing !== undefined) throw new Error(missing);
  await findWar(console.log, interrupted);
  await findEngine(console.log, interrupted);
}

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => interruption.abort(new Error("Interrupted.")));
}

prepare(interruption.signal).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
