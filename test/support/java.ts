import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { cachedFolder } from "../../tools/engine/engine";
import { run } from "../../tools/engine/run";

/**
 * What both ask for: https://apereo.github.io/cas/6.6.x/planning/Installation-Requirements.html,
 * https://www.pulumi.com/docs/iac/languages-sdks/java/
 */
const OLDEST_JAVA = 11;

const VERSION_FLAGS = { java: "-version", javac: "-version", keytool: "-help", mvn: "--version" } as const;

type Tool = keyof typeof VERSION_FLAGS;

/** Gets what a script's tests run on before they start, so that none of them waits for a download. */
export function prepare(
  tests: string,
  tools: readonly Tool[],
  get: (signal: AbortSignal) => Promise<unknown>,
): void {
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => interruption.abort(new Error("Interrupted.")));
  }
  requireTools(tests, tools, interruption.signal)
    .then(() => get(interruption.signal))
    .catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    });
}

async function requireTools(tests: string, tools: readonly Tool[], signal: AbortSignal): Promise<void> {
  const problems: string[] = [];
  for (const tool of tools) {
    const found = await problemWith(tool, signal);
    if (found !== undefined) problems.push(found);
  }
  if (problems.length === 0) return;
  throw new Error(
    `${tests}: install a JDK ${OLDEST_JAVA} or later (https://adoptium.net/) and Maven ` +
      `(https://maven.apache.org/install.html) so that ${tools.slice(0, -1).join(", ")} and ${tools.at(-1)} are on ` +
      `PATH; here ${problems.join(", and ")}.`,
  );
}

async function problemWith(tool: Tool, signal: AbortSignal): Promise<string | undefined> {
  try {
    const printed = await run(tool, [VERSION_FLAGS[tool]], { signal });
    return tool === "java" ? javaProblem(printed) : undefined;
  } catch (error) {
    signal.throwIfAborted();
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    return isMissing ? `${tool} is missing` : `${tool} does not run`;
  }
}

function javaProblem(printed: string): string | undefined {
  // Up to Java 8 the version began with "1.".
  const major = /version "(?:1\.)?(\d+)/.exec(printed)?.[1];
  return Number(major) >= OLDEST_JAVA ? undefined : `java is version ${major ?? "unknown"}`;
}

// Named with its version, so that Maven does not look for a newer one each time.
const DEPENDENCY_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";

/** A folder that a goal of Maven's dependency plugin fills from Maven Central, once; kept beside the engine. */
export function folderFromMaven(
  key: string,
  goal: string,
  argsFor: (folder: string) => readonly string[],
  tell: () => void,
  signal?: AbortSignal,
): Promise<string> {
  return cachedFolder(key, async (folder) => {
    tell();
    // The plugin leaves markers in the working directory.
    const cwd = await mkdtemp(join(folder, "maven-"));
    const args = ["--batch-mode", "--quiet", "--strict-checksums", `${DEPENDENCY_PLUGIN}:${goal}`];
    await run("mvn", [...args, ...argsFor(folder)], { cwd, signal });
    await rm(cwd, { recursive: true });
  });
}
