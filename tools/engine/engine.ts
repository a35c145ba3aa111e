import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";

export type Source = "path" | "installed" | "built";

export interface Engine {
  pulumiCommand: PulumiCommand;
  /** The executable. */
  path: string;
  source: Source;
  version: string;
}

export type Log = (line: string) => void;

export function asEngine(pulumiCommand: PulumiCommand, path: string, source: Source): Engine {
  return { pulumiCommand, path, source, version: pulumiCommand.version?.toString() ?? "unknown" };
}

/** One cache for all clones of one user. */
function cacheRoot(): string {
  const own = process.env.PULUMI_SESSIONS_CACHE;
  if (own) return own;
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "pulumi-huaweicloud-sessions");
}

export function cachePath(key: string): string {
  return join(cacheRoot(), `${key}-${process.platform}-${process.arch}`);
}

/** A key for what is made from these files, and made anew when one of them changes. */
export function keyOf(name: string, files: readonly string[]): string {
  const digest = createHash("sha256").update(Buffer.concat(files.map((file) => readFileSync(file))));
  return `${name}-${digest.digest("hex").slice(0, 12)}`;
}

export async function cachedEngine(key: string, source: Source): Promise<Engine | undefined> {
  const root = cachePath(key);
  if (!existsSync(root)) return undefined;
  return await open(root, source);
}

async function open(root: string, source: Source): Promise<Engine> {
  try {
    const command = await PulumiCommand.get({ root });
    return asEngine(command, command.command, source);
  } catch (error) {
    throw new Error(
      `The Pulumi engine in ${root} does not run: remove that directory, then run this again.`,
      {
        cause: error,
      },
    );
  }
}

/** Adds one whose `bin/pulumi` runs. */
export async function addEngine(
  key: string,
  source: Source,
  make: (root: string) => Promise<void>,
): Promise<Engine> {
  const root = await cachedFolder(key, async (unfinished) => {
    await make(unfinished);
    await PulumiCommand.get({ root: unfinished });
  });
  return await open(root, source);
}

/**
 * A folder of the cache. Where it is not there, `make` fills a new one, which gets its final name in one step: nobody
 * ever sees half of it, and of two makers at once the first wins.
 */
export async function cachedFolder(key: string, make: (root: string) => Promise<void>): Promise<string> {
  if (existsSync(cachePath(key))) return cachePath(key);
  await mkdir(cacheRoot(), { recursive: true });
  const unfinished = await mkdtemp(join(cacheRoot(), ".unfinished-"));
  try {
    await make(unfinished);
    await publish(unfinished, cachePath(key));
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return cachePath(key);
}

async function publish(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

const SHIM = "pulumi-resource-pulumi-nodejs";
// `node -e` looks packages up from the working directory, which is the project's, and leaves out of process.argv
// the script's name, which the host counts on.
const SHIM_SCRIPT = `process.argv.splice(1, 0, "${SHIM}"); require("@pulumi/pulumi/cmd/dynamic-provider")`;

/**
 * Writes the executable by which an engine starts the dynamic-provider host. Windows has no use for it: there only
 * Pulumi's own releases run, which hold one.
 */
export async function writeShim(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, SHIM);
  await writeFile(file, `#!/bin/sh\nexec node -e '${SHIM_SCRIPT}' -- "$@"\n`);
  await chmod(file, 0o755);
}

/** Whether the engine comes with one. It warns of any other that is found first. */
export function hasShim(executable: string): boolean {
  const beside = join(dirname(realpathSync(executable)), SHIM);
  return existsSync(beside) || existsSync(`${beside}.cmd`);
}
