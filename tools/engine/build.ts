import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { addEngine, cachedEngine, cachePath } from "./cache";
import type { Engine, Log } from "./engine";
import { which } from "./path";
import { run } from "./run";
import { writeShim } from "./shim";

const PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

const goMod = read("go.mod");

/** The least Go that go.mod asks for. */
export const goVersion = pinned(/^go (\S+)$/m);
const version = pinned(/pulumi\/pkg\/v3 v(\S+)$/m);

function read(name: string): string {
  return readFileSync(join(__dirname, name), "utf8");
}

function pinned(pattern: RegExp): string {
  const found = pattern.exec(goMod)?.[1];
  if (found === undefined) throw new Error(`tools/engine/go.mod has no line like ${pattern}`);
  return found;
}

function key(): string {
  const digest = createHash("sha256").update(goMod).update(read("go.sum")).digest("hex");
  return `pulumi-${version}-${digest.slice(0, 12)}`;
}

export function cachedBuild(): Promise<Engine | undefined> {
  return cachedEngine(key(), "built");
}

export async function buildEngine(log: Log, signal?: AbortSignal): Promise<Engine | undefined> {
  if (which("go") === undefined) return undefined;
  log(
    `building Pulumi ${version} with Go into ${cachePath(key())}, once: about 45 s to download, 100 s to build`,
  );
  try {
    return await addEngine(key(), "built", async (root) => {
      await goBuild(root, signal);
      await writeShim(join(root, "bin"));
    });
  } catch (error) {
    signal?.throwIfAborted();
    log(`Pulumi could not be built: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

async function goBuild(root: string, signal?: AbortSignal): Promise<void> {
  const flags = `-s -w -X ${VERSION_VARIABLE}=v${version}`;
  const output = join(root, "bin", "pulumi");
  await run("go", ["build", "-mod=readonly", "-buildvcs=false", "-ldflags", flags, "-o", output, PACKAGE], {
    cwd: __dirname,
    // No C compiler needed, no go.work of a directory above, and no temporary files left when it is interrupted.
    env: { CGO_ENABLED: "0", GOWORK: "off", GOTMPDIR: root },
    signal,
  });
}
