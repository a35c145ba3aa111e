import { ProcessTree, type Snapshot } from "./processes";
import { Lines, startWorker } from "./worker";
import type { Job, Report } from "./worker/job";

/** What one `pulumi up` or `pulumi destroy` took. Without /proc, CPU time and memory are not known. */
export interface Action {
  seconds: number;
  cpuSeconds?: number;
  engineBytes?: number;
  hostBytes?: number;
  firstRegistrationMs?: number;
}

const SAMPLE_MS = 100;
const LIMIT_MS = 1_800_000;

/** Samples a process tree: what has ended without being waited for is in an earlier sample only. */
class Sampler {
  private readonly tree: ProcessTree;
  private before = 0;
  private peak: Snapshot | undefined;
  private readonly timer: NodeJS.Timeout | undefined;

  constructor(pid: number) {
    this.tree = new ProcessTree(pid);
    if (process.platform === "linux") this.timer = setInterval(() => this.sample(), SAMPLE_MS);
  }

  start(): void {
    if (!this.timer) return;
    this.peak = undefined;
    this.sample();
    this.before = this.cpuSeconds;
  }

  finish(): Partial<Action> {
    if (this.timer) this.sample();
    this.stop();
    if (!this.peak) return {};
    const { engineBytes, hostBytes } = this.peak;
    return { cpuSeconds: this.cpuSeconds - this.before, engineBytes, hostBytes: hostBytes || undefined };
  }

  private get cpuSeconds(): number {
    return this.peak?.cpuSeconds ?? 0;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  get pids(): number[] {
    return this.tree.snapshot()?.pids ?? [];
  }

  private sample(): void {
    const now = this.tree.snapshot();
    if (!now) return;
    const { cpuSeconds = 0, engineBytes = 0, hostBytes = 0 } = this.peak ?? {};
    this.peak = {
      pids: now.pids,
      cpuSeconds: Math.max(cpuSeconds, now.cpuSeconds),
      engineBytes: Math.max(engineBytes, now.engineBytes),
      hostBytes: Math.max(hostBytes, now.hostBytes),
    };
  }
}

export async function measure(job: Job): Promise<Action> {
  const child = startWorker("program", [JSON.stringify(job)]);
  const lines = new Lines(child);
  const sampler = new Sampler(child.pid ?? 0);
  const limit = setTimeout(() => {
    for (const pid of sampler.pids) process.kill(pid);
    child.kill();
  }, LIMIT_MS);
  let action: Action | undefined;
  try {
    for (let line = await lines.next(); line !== undefined; line = await lines.next()) {
      const report: Report = JSON.parse(line);
      if (report.at === "started") sampler.start();
      else if (report.ok) {
        const { seconds, firstRegistrationMs } = report;
        action = { seconds, ...sampler.finish(), firstRegistrationMs };
      }
    }
  } finally {
    clearTimeout(limit);
    sampler.stop();
    child.stdin?.destroy();
  }
  if (!action) throw new Error(`pulumi ${job.action} failed, as shown above`);
  return action;
}
