import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

export const ROOT = join(__dirname, "..");

/**
 * Runs a file of the benchmark in a process of its own, which prints what it measured. The file is compiled:
 * ts-node would have the compiler in memory, which a program with closures otherwise waits for.
 */
export async function runChild(
  name: string,
  job: object,
  env: NodeJS.ProcessEnv,
): Promise<Record<string, number>> {
  const file = join(ROOT, ".cache/bench", `${name}.js`);
  const options = { cwd: ROOT, env, maxBuffer: 2 ** 26 };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--expose-gc", file, JSON.stringify(job)],
    options,
  );
  return JSON.parse(stdout);
}
