import assert from "node:assert/strict";
import { join } from "node:path";
import { run } from "../../tools/engine/run";
import { tsc } from "../matrix/workshop";
import { REPOSITORY } from "../support/engine";
import { useFolder } from "../support/folder";
import { usePython } from "../support/python";
import { all, compileGo, generateSdks, writeProgram } from "./examples";

/** What the programs require of the configuration; a mock looks at none of it. */
const CONFIG = Object.fromEntries(
  ["instanceId", "redisPassword", "casUrl", "service", "username", "password", "caCertificate"].map((key) => [
    key,
    "any",
  ]),
);

describe("The schema's examples", function () {
  this.timeout(600_000);
  const python = usePython();
  // Within this package, so that the TypeScript programs find it by its name.
  const folder = useFolder(join(REPOSITORY, ".cache"));
  // Elsewhere: a module can't lie within a folder whose name begins with a dot.
  const module = useFolder();
  const installed = () => join(folder(), "installed");
  before(async () => {
    await generateSdks(folder());
    const install = ["-m", "pip", "install", "--quiet", "--no-deps", "--target", installed()];
    await run(python(), [...install, join(folder(), "python")]);
  });

  it("in TypeScript are of the npm package's types", async () => {
    const written = all.map((example) => writeProgram(folder(), example, "typescript", "index.ts"));
    const flags = ["--strict", "--skipLibCheck", "--noEmit", "--module", "node16", "--target", "es2022"];
    await tsc(folder(), ...flags, ...(await Promise.all(written)));
  });

  it("in Go compile with the SDK that Pulumi generates", async () => {
    await compileGo(join(folder(), "go"), module());
  });

  for (const example of all) {
    it(`in Python register their resources with the SDK that Pulumi generates: ${example.name}`, async () => {
      const program = await writeProgram(folder(), example, "python", "__main__.py");
      const env = { PYTHONPATH: installed() };
      const args = [join(__dirname, "run.py"), program, JSON.stringify(CONFIG)];
      const registered: unknown = JSON.parse(await run(python(), args, { env }));
      const types = [...example.programs.yaml.matchAll(/type: (huaweicloud-sessions):(\w+)/g)];
      assert.deepEqual(
        registered,
        types.map(([, plugin, type]) => `${plugin}:index:${type}`),
      );
    });
  }
});
