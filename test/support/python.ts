import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { REPOSITORY } from "./engine";

const run = promisify(execFile);

const ENVIRONMENT = join(REPOSITORY, ".cache/python");
const REQUIREMENTS = join(REPOSITORY, "test/engine/python/requirements.txt");
/** Written last: an environment that was left half-made is made again. */
const DONE = join(ENVIRONMENT, "requirements.txt");

/**
 * A virtual environment with Pulumi's package from PyPI, for the enclosing suite. Where there is no Python 3 to make
 * one with, the suite counts as not run.
 */
export function usePython(): () => string {
  before(async function () {
    this.timeout(300_000);
    const wanted = await readFile(REQUIREMENTS, "utf8");
    if (existsSync(DONE) && (await readFile(DONE, "utf8")) === wanted) return;
    await rm(ENVIRONMENT, { recursive: true, force: true });
    await mkdir(join(REPOSITORY, ".cache"), { recursive: true });
    const failed = await run("python3", ["-m", "venv", ENVIRONMENT]).then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (failed !== undefined) {
      console.log(`Not run, because there is no Python 3 with its venv module here: ${failed.trim()}`);
      this.skip();
    }
    await run(python(), ["-m", "pip", "install", "--quiet", "--requirement", REQUIREMENTS]);
    await writeFile(DONE, wanted);
  });
  return python;
}

function python(): string {
  return join(ENVIRONMENT, "bin/python");
}
