import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(__dirname, "..");

/** Runs `use` beside a compiled file of the benchmark: a compiler would count in what is measured. */
export async function withChild<T>(
  name: string,
  job: object,
  env: NodeJS.ProcessEnv,
  use: (child: ChildProcess) => Promise<T>,
): Promise<T> {
  const file = join(ROOT, ".cache/bench", `${name}.js`);
  const child = fork(file, [JSON.stringify(job)], { cwd: ROOT, execArgv: ["--expose-gc"], env });
  try {
    return await use(child);
  } finally {
    if (child.connected) child.disconnect();
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
}

/** The next message of a child. */
export async function reply<T>(child: ChildProcess): Promise<T> {
  const closed = once(child, "close").then(([code, signal]) => {
    throw new Error(
      `A process of the benchmark failed with ${signal ?? `exit code ${code}`}, as shown above.`,
    );
  });
  const message = once(child, "message").then(([value]): T => value);
  return Promise.race([message, closed]);
}

/** What a program, the engine that it started, and all processes below used. */
export interface Usage {
  cpuSeconds: number;
  engineCpuSeconds: number;
  engineBytes: number;
  /** Of the largest process below the engine. */
  providerBytes: number;
}

const SAMPLE_MS = 100;
/** USER_HZ, which is 100 on every Linux that Node.js runs on. */
const TICKS_PER_SECOND = 100;

/** Samples /proc, which only Linux has: elsewhere the usage is NaN. */
export async function withUsage<T>(root: number, use: () => Promise<T>): Promise<Usage & { result: T }> {
  const tree = new Set([root]);
  const start = sample(tree, root);
  let peak = start;
  const take = () => {
    const now = sample(tree, root);
    peak = {
      // A process that nobody waited for takes its time with it, so the greatest sum is the best one.
      cpuSeconds: Math.max(now.cpuSeconds, peak.cpuSeconds),
      engineCpuSeconds: Math.max(now.engineCpuSeconds, peak.engineCpuSeconds),
      engineBytes: Math.max(now.engineBytes, peak.engineBytes),
      providerBytes: Math.max(now.providerBytes, peak.providerBytes),
    };
  };
  const timer = setInterval(take, SAMPLE_MS);
  try {
    const result = await use();
    take();
    return { ...peak, cpuSeconds: peak.cpuSeconds - start.cpuSeconds, result };
  } finally {
    clearInterval(timer);
  }
}

function sample(tree: Set<number>, root: number): Usage {
  const nothing = process.platform === "linux" ? 0 : Number.NaN;
  const now = {
    cpuSeconds: nothing,
    engineCpuSeconds: nothing,
    engineBytes: nothing,
    providerBytes: nothing,
  };
  const pids = process.platform === "linux" ? readdirSync("/proc").map(Number).filter(Number.isInteger) : [];
  for (const pid of pids.sort((one, other) => one - other)) {
    // The name, in brackets, may hold spaces: proc_pid_stat(5).
    const [, name, rest = ""] = /\((.*)\) (.*)$/s.exec(readProc(pid, "stat")) ?? [];
    const [, parent = 0, ...fields] = rest.split(" ").map(Number);
    if (!name || !(tree.has(pid) || tree.has(parent))) continue;
    tree.add(pid);
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(9, 13);
    now.cpuSeconds += (user + system + childUser + childSystem) / TICKS_PER_SECOND;
    const bytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readProc(pid, "status"))?.[1] ?? 0) * 1024;
    // A process that was just forked still has its parent's name and memory.
    if (parent === root && name === "pulumi") {
      now.engineBytes = bytes;
      now.engineCpuSeconds = (user + system) / TICKS_PER_SECOND;
    } else if (pid !== root && parent !== root && name !== "pulumi") {
      now.providerBytes = Math.max(now.providerBytes, bytes);
    }
  }
  return now;
}

/** Empty for a process that has ended. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && /ENOENT|ESRCH/.test(String(error.code))) return "";
    throw error;
  }
}
