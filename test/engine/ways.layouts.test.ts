import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import type * as sessions from "pulumi-huaweicloud-sessions";
import { providerText } from "../../provider/resources/providerText";
import { useEmulator } from "../support/emulator";
import { diary, inFolder, REPOSITORY, stateOnDisk, useEngine, withProgram } from "../support/engine";
import { type Project, useLibrary, useWorkspaces } from "../support/installed";

const PLAIN = providerText("WebCliSession", []);

describe("A project whose library brings the package", function () {
  this.timeout(180_000);
  useEngine();
  const emulator = useEmulator();

  describe("hoisted to the project's node_modules", () => {
    const project = useLibrary("hoisted");
    it("keeps the plain text in state, and destroys", () => opensAndDestroys(project(), PLAIN));
  });

  describe("nested in the library's node_modules", () => {
    const project = useLibrary("nested");
    it("goes by way of the library, and destroys in a folder with another name", () =>
      opensAndDestroys(project(), providerText("WebCliSession", ["node_modules/lib"])));
  });

  describe("linked in the strict layout of pnpm", () => {
    const project = useLibrary("linked");
    it("goes by way of the library, and destroys in a folder with another name", () =>
      opensAndDestroys(project(), providerText("WebCliSession", ["node_modules/lib"])));
  });

  describe("in a workspace beside the project's", () => {
    const project = useWorkspaces("nested");
    it("goes by way of the library, and destroys in a folder with another name", () =>
      opensAndDestroys(project(), providerText("WebCliSession", ["../node_modules/lib"])));
  });

  async function opensAndDestroys({ folder, elsewhere, require: load }: Project, text: string) {
    const since = diary(emulator());
    const program = async () => {
      const { WebCliSession }: typeof sessions = load("lib");
      const { instanceId, redisPassword: password } = emulator();
      new WebCliSession("cache", { instanceId, password });
    };
    await withProgram(emulator(), { program, workDir: folder }, async (stack) => {
      await within(folder, () => stack.up());
      const state = stateOnDisk(stack);
      assert.ok(state.includes(JSON.stringify(text)), state);
      assert.ok(!state.includes(folder), "the state holds a path of this machine");
      await rename(folder, elsewhere);
      await (await inFolder(stack, elsewhere, program)).destroy();
      await rename(elsewhere, folder);
    });
    assert.deepEqual(since(), ["login", "logout"]);
  }
});

describe("A project that can't find the package", () => {
  it("says which package to add to which package.json", async () => {
    const script = `new (require("${REPOSITORY}").WebCliSession)("cache", { instanceId: "i1" })`;
    const env = { PATH: process.env.PATH, PULUMI_NODEJS_ROOT_DIRECTORY: tmpdir() };
    const started = promisify(execFile)(process.execPath, ["-e", script], { cwd: tmpdir(), env });
    await assert.rejects(started, /add it to the dependencies in .*package\.json, and install them/);
  });
});

/** As a program runs whose project is in a folder. */
async function within<T>(folder: string, run: () => Promise<T>): Promise<T> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return await run();
  } finally {
    process.chdir(before);
  }
}
