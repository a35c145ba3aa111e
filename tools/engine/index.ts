import type { Engine, Log } from "./engine";
import { buildEngine, cachedBuild, cachedDownload, downloadEngine, goVersion } from "./install";
import { engineOnPath } from "./path";

export type { Engine, Log } from "./engine";
export { type StackOptions, withStack } from "./stack";

// The quickest first; a network is asked only where no earlier run left an engine.
const sources = [engineOnPath, cachedDownload, cachedBuild, downloadEngine, buildEngine];

/** A Pulumi engine: the one on PATH, else one that is downloaded or built once and kept in a user cache. */
export async function findEngine(log: Log, signal?: AbortSignal): Promise<Engine> {
  for (const find of sources) {
    signal?.throwIfAborted();
    const engine = await find(log, signal);
    if (engine !== undefined) return engine;
  }
  throw new Error(
    "There is no Pulumi engine here, and none could be made. Install the Pulumi CLI " +
      "(https://www.pulumi.com/docs/install/) so that `pulumi` is on PATH, or connect to a network from which " +
      `it can be downloaded, or install Go ${goVersion} or later (https://go.dev/dl/) to build it; then run this again.`,
  );
}
