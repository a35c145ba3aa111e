import { readdirSync, readFileSync } from "node:fs";

interface Stat {
  name: string;
  parent: number;
  /** User and system time, that of children that were waited for included. */
  ticks: number;
}

export interface Snapshot {
  /** CPU time in seconds of a process and all below it, as far as they are alive or were waited for. */
  cpuSeconds: number;
  engineBytes: number;
  hostBytes: number;
  /** All but the root, leaves first. */
  pids: number[];
}

/** USER_HZ, which is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** A process of that id that is no longer there, or this is no Linux: undefined. */
function read(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch (error) {
    const gone = error instanceof Error && "code" in error && /ENOENT|ESRCH/.test(String(error.code));
    if (gone) return undefined;
    throw error;
  }
}

function stat(pid: number): Stat | undefined {
  const text = read(pid, "stat");
  if (text === undefined) return undefined;
  // The name, in brackets, may hold spaces; the numbers come after it: proc_pid_stat(5).
  const end = text.lastIndexOf(")");
  const fields = text.slice(end + 2).split(" ");
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { name: text.slice(text.indexOf("(") + 1, end), parent: Number(fields[1]), ticks };
}

function peakBytes(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(read(pid, "status") ?? "")?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

/** Takes snapshots of one process and all below it. */
export class ProcessTree {
  private readonly foreign = new Set<number>();
  private readonly known = new Set<number>();

  constructor(private readonly root: number) {
    this.known.add(root);
  }

  snapshot(): Snapshot | undefined {
    const stats = this.stats();
    if (!stats.has(this.root)) return undefined;
    const taken: Snapshot = { cpuSeconds: 0, engineBytes: 0, hostBytes: 0, pids: [] };
    for (const [pid, { name, parent, ticks }] of stats) {
      taken.cpuSeconds += ticks / TICKS_PER_SECOND;
      if (pid === this.root) continue;
      taken.pids.unshift(pid);
      // A child that has not started its own program yet still has its parent's name, and shows its memory.
      const engine = parent === this.root && name === "pulumi";
      if (engine) taken.engineBytes = Math.max(taken.engineBytes, peakBytes(pid));
      else if (name !== "pulumi" && parent !== this.root)
        taken.hostBytes = Math.max(taken.hostBytes, peakBytes(pid));
    }
    return taken;
  }

  private stats(): Map<number, Stat> {
    const stats = new Map<number, Stat>();
    const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
    for (const pid of pids.sort((one, other) => one - other)) {
      if (this.foreign.has(pid)) continue;
      const found = stat(pid);
      if (!found) continue;
      if (this.known.has(pid) || this.known.has(found.parent)) stats.set(pid, found);
      else this.foreign.add(pid);
      if (stats.has(pid)) this.known.add(pid);
    }
    return stats;
  }
}
