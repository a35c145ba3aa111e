import { version } from "@pulumi/pulumi/version";
import { addEngine, cachedEngine } from "./cache";
import type { Engine, Log } from "./engine";
import { run } from "./run";

const KEY = `pulumi-${version}`;
const INSTALLER = "https://get.pulumi.com/install.sh";
const REACH_LIMIT_MS = 10_000;
const DOWNLOAD_LIMIT_MS = 300_000;
// In a process of its own: PulumiCommand.install takes no signal, and its shell script would outlive a time-out.
const INSTALL = `require("@pulumi/pulumi/automation").PulumiCommand.install({ root: process.argv[1] })
  .catch((error) => { console.error(error.message); process.exitCode = 1; });`;

export function cachedDownload(): Promise<Engine | undefined> {
  return cachedEngine(KEY, "installed");
}

export async function downloadEngine(log: Log, signal?: AbortSignal): Promise<Engine | undefined> {
  try {
    await reach(signal);
    log(`downloading Pulumi ${version} with ${INSTALLER}, once: about 100 MB, 5 min at most`);
    return await addEngine(KEY, "installed", async (root) => {
      await run(process.execPath, ["-e", INSTALL, root], {
        cwd: __dirname,
        signal: limit(DOWNLOAD_LIMIT_MS, signal),
      });
    });
  } catch (error) {
    signal?.throwIfAborted();
    log(`Pulumi could not be downloaded: ${reason(error)}`);
    return undefined;
  }
}

// Without a network a download hangs, for minutes behind some firewalls: one small request tells sooner.
async function reach(signal?: AbortSignal): Promise<void> {
  await fetch(INSTALLER, { method: "HEAD", signal: limit(REACH_LIMIT_MS, signal) });
}

function limit(milliseconds: number, signal?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(milliseconds);
  return signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
