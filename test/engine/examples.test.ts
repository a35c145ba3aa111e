import assert from "node:assert/strict";
import type { ConfigMap } from "@pulumi/pulumi/automation";
import type { Emulator } from "../../emulator";
import { commandsOf, openSessions, requestsOn, useEmulator } from "../support/emulator";
import { useEngine, withProgram } from "../support/engine";
import { exampleFolder, runExample } from "../support/examples";
import { SERVICE } from "../support/lifecycles";

/** How many Web CLI and CAS sessions each example opens. */
const EXAMPLES: [string, [number, number]][] = [
  ["quickstart", [1, 1]],
  ["webcli-session", [1, 0]],
  ["cas-session", [0, 1]],
  ["github-oidc", [1, 0]],
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
  const open = () => openSessions(emulator());

  const runOf = (name: string, more: ConfigMap = {}) => ({
    program: async () => runExample(name),
    workDir: exampleFolder(name),
    config: { ...configOf(emulator()), ...more },
  });

  for (const [name, opens] of EXAMPLES) {
    it(`${name} opens its sessions on up and leaves none after destroy`, async () => {
      await withProgram(emulator(), runOf(name), async (stack) => {
        await stack.up();
        assert.deepEqual(open(), opens);
        await stack.destroy();
      });
      assert.deepEqual(open(), [0, 0]);
    });
  }

  it("seeded-test-run clears a run before it seeds the next, and leaves nothing", async () => {
    const run = runOf("seeded-test-run", { run: { value: "7" } });
    await withProgram(emulator(), run, async (stack) => {
      await stack.up();
      await stack.setConfig("run", { value: "8" });
      const before = commandsOf(emulator()).length;
      await stack.up();
      const second = commandsOf(emulator()).slice(before);
      const seed = "MSET user:1 Ada user:2 Grace";
      assert.deepEqual(second, ["DEL run", "DEL user:1 user:2", seed, "SET run 8"]);
      await stack.destroy();
    });
    assert.deepEqual(commandsOf(emulator()).slice(-2), ["DEL run", "DEL user:1 user:2"]);
    const sent = requestsOn(emulator(), "webcli.command").map(({ body }) => JSON.parse(body));
    const databases = sent.filter(({ command }) => command !== "PING").map(({ database }) => database);
    assert.deepEqual(new Set(databases), new Set([3]));
    assert.deepEqual(open(), [0, 0]);
  });
});
