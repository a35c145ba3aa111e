import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

export const ROOT = join(__dirname, "..");

/** Starts a compiled file of `worker/`; it ends with what its standard input holds. */
export function startWorker(name: string, args: string[] = [], nodeArgs: string[] = []): ChildProcess {
  // The repository is the working directory, from which the package finds itself by its own name.
  return spawn(process.execPath, [...nodeArgs, join(ROOT, ".cache/bench", `${name}.js`), ...args], {
    cwd: ROOT,
    stdio: ["pipe", "pipe", "inherit"],
  });
}

/** The lines of JSON that a worker prints, one after the other. */
export class Lines {
  private readonly waiting: ((line: string | undefined) => void)[] = [];
  private readonly ready: (string | undefined)[] = [];
  private rest = "";

  constructor(child: ChildProcess) {
    child.stdout?.setEncoding("utf8").on("data", (text: string) => this.add(text));
    child.once("close", () => this.push(undefined));
  }

  /** Resolves with undefined once the worker has ended. */
  next(): Promise<string | undefined> {
    if (this.ready.length > 0) return Promise.resolve(this.ready.shift());
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private add(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.push(line);
  }

  private push(line: string | undefined): void {
    const resolve = this.waiting.shift();
    if (resolve) resolve(line);
    else this.ready.push(line);
  }
}

/** Runs a worker that prints one line of JSON, and gives that line. */
export async function runWorker(name: string, args: string[] = [], nodeArgs: string[] = []): Promise<string> {
  const child = startWorker(name, args, nodeArgs);
  const lines = new Lines(child);
  child.stdin?.end();
  const line = await lines.next();
  if (line === undefined) {
    throw new Error(`the worker ${name} ended without a result (${child.signalCode ?? child.exitCode})`);
  }
  while ((await lines.next()) !== undefined);
  return line;
}
