import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../tools/engine/run";
import { tsc } from "../matrix/workshop";
import { REPOSITORY } from "../support/engine";
import { usePython } from "../support/python";
import { all, compileGo, generateSdks, writePrograms } from "./examples";

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
  let folder = "";
  before(async () => {
    await mkdir(join(REPOSITORY, ".cache"), { recursive: true });
    // Within this package, so that the TypeScript programs find it by its name.
    folder = await mkdtemp(join(REPOSITORY, ".cache/sdks-"));
    await generateSdks(folder);
    const install = ["-m", "pip", "install", "--quiet", "--no-deps", "--target", join(folder, "installed")];
    await run(python(), [...install, join(folder, "python")]);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("in TypeScript are of the npm package's types", async () => {
    const programs = await writePrograms(join(folder, "programs"), "typescript", "index.ts");
    const flags = ["--strict", "--skipLibCheck", "--noEmit", "--module", "node16", "--target", "es2022"];
    await tsc(folder, ...flags, ...programs);
  });

  it("in Go compile with the SDK that Pulumi generates", async () => {
    // Elsewhere: a module can't lie within a folder whose name begins with a dot.
    const module = await mkdtemp(join(tmpdir(), "go-"));
    try {
      await compileGo(join(folder, "go"), module);
    } finally {
      await rm(module, { recursive: true, force: true });
    }
  });

  for (const [at, { name, programs }] of all.entries()) {
    it(`in Python register their resources with the SDK that Pulumi generates: ${name}`, async () => {
      const files = await writePrograms(join(folder, "programs"), "python", "__main__.py");
      const env = { PYTHONPATH: join(folder, "installed") };
      const args = [join(__dirname, "run.py"), files[at] ?? "", JSON.stringify(CONFIG)];
      const registered: unknown = JSON.parse(await run(python(), args, { env }));
      const types = [...programs.yaml.matchAll(/type: (huaweicloud-sessions):(\w+)/g)];
      assert.deepEqual(
        registered,
        types.map(([, plugin, type]) => `${plugin}:index:${type}`),
      );
    });
  }
});
