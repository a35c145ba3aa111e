import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { findEngine } from "../../tools/engine";
import { REPOSITORY, useEngine } from "../support/engine";

const run = promisify(execFile);
const bin = (path: string) => join(REPOSITORY, "node_modules", path);

describe("The README's snippets", function () {
  this.timeout(120_000);
  useEngine();
  let folder = "";

  before(async () => {
    // Within the repository, where the package finds itself by its own name.
    await mkdir(join(REPOSITORY, ".cache"), { recursive: true });
    folder = await mkdtemp(join(REPOSITORY, ".cache/readme-"));
    const readme = await readFile(join(REPOSITORY, "README.md"), "utf8");
    const files = [...readme.matchAll(/```ts\n\/\/ (\S+)\n(.*?)```/gs)];
    assert.deepEqual(
      files.map(([, name]) => name),
      ["index.ts", "program.test.ts", "stack.test.ts"],
    );
    for (const [, name = "", text = ""] of files) await writeFile(join(folder, name), text);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("compile, strictly", async () => {
    const how = ["--module", "node16", "--moduleResolution", "node16", "--target", "es2022"];
    const strict = ["--strict", "--noEmit", "--skipLibCheck", "--types", "node,mocha"];
    const files = ["index.ts", "program.test.ts", "stack.test.ts"];
    await run(process.execPath, [bin("typescript/bin/tsc"), ...how, ...strict, ...files], { cwd: folder });
  });

  for (const file of ["program.test.ts", "stack.test.ts"]) {
    it(`pass: ${file}`, async () => {
      const engine = await findEngine(console.log);
      const env = { ...process.env, PATH: [dirname(engine.path), process.env.PATH].join(delimiter) };
      const args = [bin("mocha/bin/mocha.js"), "--no-config", "--require", "ts-node/register", file];
      const { stdout } = await run(process.execPath, args, { cwd: folder, env });
      assert.match(stdout, /1 passing/);
    });
  }
});
