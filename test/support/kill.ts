import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { setImmediate as turn } from "node:timers/promises";

export async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await turn();
}

/** Kills the engine and the host, which are this process's descendants, once something has happened. */
export async function killed(operation: Promise<unknown>, happened: () => boolean): Promise<void> {
  const failed = assert.rejects(operation);
  await until(happened);
  for (const pid of descendants(process.pid)) kill(pid);
  await failed;
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It has ended already, as the `ps` that listed it has.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

// By what POSIX says of `ps`, and synchronously: the emulator in this process answers nothing in the meantime.
// https://pubs.opengroup.org/onlinepubs/9799919799/utilities/ps.html
function descendants(root: number): number[] {
  const rows = execFileSync("ps", ["-A", "-o", "pid=", "-o", "ppid="], { encoding: "utf8" })
    .trim()
    .split("\n");
  const parents = new Map<number, number>();
  for (const row of rows) {
    const [pid = 0, parent = 0] = row.trim().split(/\s+/).map(Number);
    parents.set(pid, parent);
  }
  const isUnder = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent === root || (parent !== undefined && parent !== pid && isUnder(parent));
  };
  return [...parents.keys()].filter(isUnder);
}
