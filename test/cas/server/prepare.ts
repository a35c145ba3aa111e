// Runs before the CAS tests: gets what they run on, so that no test waits for a download.
import { findEngine } from "../../../tools/engine";
import { run } from "../../../tools/engine/run";
import { findWar } from "./war";

/** CAS 6.6 asks for it: https://apereo.github.io/cas/6.6.x/planning/Installation-Requirements.html */
const OLDEST_JAVA = 11;

const commands: readonly (readonly [name: string, args: string[]])[] = [
  ["java", ["-version"]],
  ["keytool", ["-help"]],
  ["mvn", ["--version"]],
];

/** What keeps a CAS from being run here, and what to install: one sentence, or nothing. */
async function missingRequirement(signal?: AbortSignal): Promise<string | undefined> {
  const missing: string[] = [];
  for (const [name, args] of commands) {
    const found = await problemWith(name, args, signal);
    if (found !== undefined) missing.push(found);
  }
  if (missing.length === 0) return undefined;
  return (
    `The CAS tests run a real CAS: install a JDK ${OLDEST_JAVA} or later (https://adoptium.net/) and Maven ` +
    `(https://maven.apache.org/install.html) so that java, keytool and mvn are on PATH; here ${missing.join(", and ")}.`
  );
}

async function problemWith(name: string, args: string[], signal?: AbortSignal): Promise<string | undefined> {
  try {
    const printed = await run(name, args, { signal });
    return name === "java" ? javaProblem(printed) : undefined;
  } catch (error) {
    signal?.throwIfAborted();
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    return isMissing ? `${name} is missing` : `${name} does not run`;
  }
}

function javaProblem(printed: string): string | undefined {
  // Up to Java 8 the version began with "1.".
  const major = /version "(?:1\.)?(\d+)/.exec(printed)?.[1];
  return Number(major) >= OLDEST_JAVA ? undefined : `java is version ${major ?? "unknown"}`;
}

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
