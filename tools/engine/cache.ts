import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { asEngine, type Engine, type Source } from "./engine";

/** One cache for all clones of one user. */
function cacheRoot(): string {
  const own = process.env.PULUMI_SESSIONS_CACHE;
  if (own) return own;
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "pulumi-huaweicloud-sessions");
}

export function cachePath(key: string): string {
  return join(cacheRoot(), `${key}-${process.platform}-${process.arch}`);
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

/**
 * Has `make` fill a new directory and, once the `bin/pulumi` in it runs, gives it its final name in one step:
 * nobody ever sees half an engine, and of two makers at once the first wins.
 */
export async function addEngine(
  key: string,
  source: Source,
  make: (root: string) => Promise<void>,
): Promise<Engine> {
  await mkdir(cacheRoot(), { recursive: true });
  const unfinished = await mkdtemp(join(cacheRoot(), ".unfinished-"));
  try {
    await make(unfinished);
    await PulumiCommand.get({ root: unfinished });
    await publish(unfinished, cachePath(key));
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return await open(cachePath(key), source);
}

async function publish(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}
