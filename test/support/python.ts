import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { cachedFolder, keyOf } from "../../tools/engine/engine";
import { REPOSITORY } from "./engine";

const run = promisify(execFile);

const REQUIREMENTS = join(REPOSITORY, "test/engine/python/requirements.txt");

/**
 * A virtual environment with Pulumi's package from PyPI, for the enclosing suite; kept beside the engine. Where there is
 * no Python 3 to make one with, the suite counts as not run.
 */
export function usePython(): () => string {
  let folder = "";
  const python = (environment: string) => join(environment, "bin/python");
  before(async function () {
    this.timeout(300_000);
    folder = await cachedFolder(keyOf("python", [REQUIREMENTS]), async (environment) => {
      const failed = await run("python3", ["-m", "venv", environment]).then(
        () => undefined,
        (error: Error) => error.message,
      );
      if (failed !== undefined) {
        console.log(`Not run, because there is no Python 3 with its venv module here: ${failed.trim()}`);
        this.skip();
      }
      await run(python(environment), ["-m", "pip", "install", "--quiet", "--requirement", REQUIREMENTS]);
    });
  });
  return () => python(folder);
}
