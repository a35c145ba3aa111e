import { type ChildProcess, execFile, fork } from "node:child_process";
import { join } from "node:path";
import type { Trust } from "../../provider/api/http/trust";

/** What a client is asked to do. The paths tell its requests from all others. */
export interface Task {
  urls: string[];
  /** Whether the last request must not be repeated. */
  once: boolean;
  environment: Record<string, string>;
  trust: Trust;
  /** A file with what the machine trusts. */
  system: string;
}

/** The status of each answer; 0 where there was none. And what the client says of it. */
export interface Outcome {
  statuses: number[];
  said: string;
}

/** How long a connection and an answer may take. */
export const LIMIT_MS = 10_000;

/** Asks by curl, with the same environment, trust, and time. */
export function askCurl(
  { urls, environment, trust, system }: Task,
  caFile: string | undefined,
): Promise<Outcome> {
  const args = ["--silent", "--show-error", "--max-time", String(LIMIT_MS / 1000), "--proxy-cacert", system];
  args.push("--cacert", caFile ?? system, "--http1.1");
  if (trust.certificateFingerprint && !trust.caCertificate) args.push("--insecure");
  for (const url of urls) args.push("--output", "/dev/null", "--write-out", "%{http_code}:%{exitcode} ", url);
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH, ...environment };
    execFile("curl", args, { env }, (_, stdout, stderr) => {
      const answers = stdout
        .trim()
        .split(" ")
        .map((answer) => answer.split(":").map(Number));
      const statuses = urls.map((_, at) => (answers[at]?.[1] === 0 ? (answers[at]?.[0] ?? 0) : 0));
      resolve({ statuses, said: stderr.trim().split("\n")[0] ?? "" });
    });
  });
}

/** The package's own client, in two processes for each set of authorities that a machine can trust. */
export class Product {
  private readonly workers = new Map<string, ChildProcess>();
  private readonly waiting = new Map<number, (outcome: Outcome) => void>();
  private count = 0;

  ask(task: Task): Promise<Outcome> {
    const id = this.count++;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.worker(task.system).send({ id, task });
    });
  }

  close(): void {
    for (const worker of this.workers.values()) worker.disconnect();
  }

  private worker(system: string): ChildProcess {
    const name = `${system} ${this.count % 2}`;
    const known = this.workers.get(name);
    if (known) return known;
    const worker = fork(join(__dirname, "worker.ts"), {
      execArgv: ["-r", "ts-node/register/transpile-only", "--no-warnings"],
      env: { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: system },
    });
    worker.on("message", ({ id, outcome }: { id: number; outcome: Outcome }) => {
      this.waiting.get(id)?.(outcome);
      this.waiting.delete(id);
    });
    this.workers.set(name, worker);
    return worker;
  }
}
