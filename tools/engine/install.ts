import { readFileSync } from "node:fs";
import { join } from "node:path";
import { version as releaseVersion } from "@pulumi/pulumi/version";
import { addEngine, cachedEngine, cachePath, type Engine, keyOf, type Log, writeShim } from "./engine";
import { goBuild, moduleFiles } from "./go";
import { which } from "./path";
import { run } from "./run";

const DOWNLOAD_KEY = `pulumi-${releaseVersion}`;
const INSTALLER = "https://get.pulumi.com/install.sh";
const REACH_LIMIT_MS = 10_000;
const DOWNLOAD_LIMIT_MS = 300_000;
// In a process of its own: PulumiCommand.install takes no signal, and its shell script would outlive a timeout.
const INSTALL = `require("@pulumi/pulumi/automation").PulumiCommand.install({ root: process.argv[1] })
  .catch((error) => { console.error(error.message); process.exitCode = 1; });`;

export function cachedDownload(): Promise<Engine | undefined> {
  return cachedEngine(DOWNLOAD_KEY, "installed");
}

export async function downloadEngine(log: Log, signal?: AbortSignal): Promise<Engine | undefined> {
  try {
    await reach(signal);
    log(`downloading Pulumi ${releaseVersion} with ${INSTALLER}, once: about 100 MB, 5 min at most`);
    return await addEngine(DOWNLOAD_KEY, "installed", async (root) => {
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

const PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

const goMod = readFileSync(join(__dirname, "go.mod"), "utf8");

/** The least Go that go.mod asks for. */
export const goVersion = pinned(/^go (\S+)$/m);
const sourceVersion = pinned(/pulumi\/pkg\/v3 v(\S+)/m);

function pinned(pattern: RegExp): string {
  const found = pattern.exec(goMod)?.[1];
  if (found === undefined) throw new Error(`tools/engine/go.mod has no line like ${pattern}`);
  return found;
}

const buildKey = () => keyOf(`pulumi-${sourceVersion}`, moduleFiles(__dirname));

export function cachedBuild(): Promise<Engine | undefined> {
  return cachedEngine(buildKey(), "built");
}

export async function buildEngine(log: Log, signal?: AbortSignal): Promise<Engine | undefined> {
  if (which("go") === undefined) return undefined;
  log(
    `building Pulumi ${sourceVersion} with Go into ${cachePath(buildKey())}, once: about 45 s to download, 150 s to build`,
  );
  try {
    return await addEngine(buildKey(), "built", async (root) => {
      const bin = join(root, "bin");
      await goBuild(__dirname, PACKAGE, bin, { flags: `-X ${VERSION_VARIABLE}=v${sourceVersion}`, signal });
      await writeShim(bin);
    });
  } catch (error) {
    signal?.throwIfAborted();
    log(`Pulumi could not be built: ${reason(error)}`);
    return undefined;
  }
}
