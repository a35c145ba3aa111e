import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { asEngine, type Engine, type Log } from "./engine";
import { lastLines } from "./run";

// The oldest that this project's dynamic resources were tried on.
const OLDEST = "3.200.0";

export function which(name: string): string | undefined {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  const candidates = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return candidates.map((directory) => join(directory, file)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export async function engineOnPath(log: Log): Promise<Engine | undefined> {
  const path = which("pulumi");
  if (path === undefined) return undefined;
  try {
    const command = await PulumiCommand.get();
    if (command.version !== null && command.version.compare(OLDEST) >= 0) {
      return asEngine(command, path, "path");
    }
    log(`${path} is Pulumi ${command.version}, older than ${OLDEST}: looking for another`);
  } catch (error) {
    log(`${path} does not run: ${lastLines(String(error), 1)}`);
  }
  return undefined;
}
