import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { findEngine } from "../../tools/engine";
import { REPOSITORY, useEngine } from "../support/engine";
import { useFolder } from "../support/folder";
import { snippet, snippets } from "../support/testingPage";

const run = promisify(execFile);
const bin = (path: string) => join(REPOSITORY, "node_modules", path);

/** Those that need nothing but what the project has. */
const OWN = ["index.ts", "program.test.ts", "stack.test.ts"];

describe("The snippets on the page about testing", function () {
  this.timeout(120_000);
  useEngine();
  // Within the repository, where the package finds itself by its own name.
  const folder = useFolder(join(REPOSITORY, ".cache"));

  before(async () => {
    for (const name of OWN) await writeFile(join(folder(), name), snippet(name));
  });

  it("are all run, here or in the matrix", async () => {
    const elsewhere = ["jest.config.js", "program.test.ts (jest)", "program.test.ts (vitest)"];
    assert.deepEqual([...snippets().keys()].sort(), [...OWN, ...elsewhere].sort());
  });

  it("compile, strictly", async () => {
    const how = ["--module", "node16", "--moduleResolution", "node16", "--target", "es2022"];
    const strict = ["--strict", "--noEmit", "--skipLibCheck", "--types", "node,mocha"];
    await run(process.execPath, [bin("typescript/bin/tsc"), ...how, ...strict, ...OWN], { cwd: folder() });
  });

  for (const file of ["program.test.ts", "stack.test.ts"]) {
    it(`pass: ${file}`, async () => {
      const engine = await findEngine(console.log);
      const env = { ...process.env, PATH: [dirname(engine.path), process.env.PATH].join(delimiter) };
      const args = [bin("mocha/bin/mocha.js"), "--no-config", "--require", "ts-node/register", file];
      const { stdout } = await run(process.execPath, args, { cwd: folder(), env });
      assert.match(stdout, /1 passing/);
    });
  }
});
