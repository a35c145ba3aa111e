import { existsSync, realpathSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

const NAME = "pulumi-resource-pulumi-nodejs";
// `node -e` looks packages up from the working directory, which is the project's, and leaves out of process.argv
// the script's name, which the host counts on.
const SCRIPT = `process.argv.splice(1, 0, "${NAME}"); require("@pulumi/pulumi/cmd/dynamic-provider")`;

/**
 * Writes the executable by which an engine starts the dynamic-provider host. Windows has no use for it: there only
 * Pulumi's own releases run, which hold one.
 */
export async function writeShim(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, NAME);
  await writeFile(file, `#!/bin/sh\nexec node -e '${SCRIPT}' -- "$@"\n`);
  await chmod(file, 0o755);
}

/** Whether the engine comes with one. It warns of any other that is found first. */
export function hasShim(executable: string): boolean {
  const beside = join(dirname(realpathSync(executable)), NAME);
  return existsSync(beside) || existsSync(`${beside}.cmd`);
}
