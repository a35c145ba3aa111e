import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";

export async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await turn();
}

/** Kills the engine and the host, which are this process's descendants, once something has happened. */
export async function killed(operation: Promise<unknown>, happened: () => boolean): Promise<void> {
  const failed = assert.rejects(operation);
  await until(happened);
  for (const pid of descendants(process.pid)) process.kill(pid, "SIGKILL");
  await failed;
}

function descendants(root: number): number[] {
  const parents = new Map<number, number>();
  for (const pid of readdirSync("/proc").map(Number).filter(Number.isInteger)) {
    try {
      const [, ppid] = /\) \w (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
      parents.set(pid, Number(ppid));
    } catch {
      // It ended while the list was read.
    }
  }
  const under = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent === root || (parent !== undefined && under(parent));
  };
  return [...parents.keys()].filter(under);
}
