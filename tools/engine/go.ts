import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./run";

/** No C compiler needed, and no go.work of a directory above. */
export const GO_ENVIRONMENT = { CGO_ENABLED: "0", GOWORK: "off" };

/** What says which versions a Go module is built from. */
export const moduleFiles = (folder: string) => ["go.mod", "go.sum"].map((name) => join(folder, name));

/** Builds a command from a module's dependencies into the folder `to`. */
export async function goBuild(
  module: string,
  command: string,
  to: string,
  { flags = "", signal }: { flags?: string; signal?: AbortSignal | undefined } = {},
): Promise<void> {
  await mkdir(to, { recursive: true });
  const args = ["-mod=readonly", "-buildvcs=false", "-ldflags", `-s -w ${flags}`.trim(), "-o", `${to}/`];
  // No temporary files are left elsewhere when it is interrupted.
  const env = { ...GO_ENVIRONMENT, GOTMPDIR: to };
  await run("go", ["build", ...args, command], { cwd: module, env, signal });
}
