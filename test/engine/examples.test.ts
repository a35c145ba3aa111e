import assert from "node:assert/strict";
import { join } from "node:path";
import type { ConfigMap } from "@pulumi/pulumi/automation";
import type { Emulator } from "../../emulator";
import { commandsOf, useEmulator } from "../support/emulator";
import { REPOSITORY, useEngine, withProgram } from "../support/engine";
import { SERVICE } from "../support/lifecycles";

/** How many Web CLI and CAS sessions each example opens. */
const EXAMPLES: [string, [number, number]][] = [
  ["quickstart", [1, 1]],
  ["webcli-session", [1, 0]],
  ["cas-session", [0, 1]],
];

function configOf({ instanceId, redisPassword, casUrl, username, password }: Emulator): ConfigMap {
  const plain = { instanceId, casUrl, username, service: SERVICE };
  return {
    ...Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, { value }])),
    redisPassword: { value: redisPassword, secret: true },
    password: { value: password, secret: true },
  };
}

describe("The examples on the real engine", function () {
  this.timeout(120_000);
  useEngine();
  const emulator = useEmulator();
  const open = () => [emulator().sessions().webCli.open.length, emulator().sessions().cas.open.length];

  for (const [name, opens] of EXAMPLES) {
    it(`${name} opens its sessions on up and leaves none after destroy`, async () => {
      const workDir = join(REPOSITORY, "examples", name);
      const run = { program: async () => load(workDir), workDir, config: configOf(emulator()) };
      await withProgram(emulator(), run, async (stack) => {
        await stack.up();
        assert.deepEqual(open(), opens);
        await stack.destroy();
      });
      assert.deepEqual(open(), [0, 0]);
    });
  }

  it("seeded-test-run clears a run before it seeds the next, and leaves nothing", async () => {
    const workDir = join(REPOSITORY, "examples", "seeded-test-run");
    const config = { ...configOf(emulator()), run: { value: "7" } };
    await withProgram(emulator(), { program: async () => load(workDir), workDir, config }, async (stack) => {
      await stack.up();
      await stack.setConfig("run", { value: "8" });
      const before = commandsOf(emulator()).length;
      await stack.up();
      const second = commandsOf(emulator()).slice(before);
      const seed = "MSET user:1 Ada user:2 Grace";
      assert.deepEqual(second, ["PING", "DEL user:1 user:2", seed, "DEL run", "SET run 8"]);
      await stack.destroy();
    });
    assert.deepEqual(commandsOf(emulator()).slice(-2), ["DEL run", "DEL user:1 user:2"]);
    assert.deepEqual(open(), [0, 0]);
  });
});

/** A module's resources are declared when it runs, so each update needs a fresh one. */
function load(folder: string): Promise<Record<string, unknown>> {
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(folder)) delete require.cache[file];
  }
  return require(folder);
}
