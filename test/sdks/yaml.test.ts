import assert from "node:assert/strict";
import { delimiter, dirname } from "node:path";
import type { ConfigMap } from "@pulumi/pulumi/automation";
import { type Emulator, startEmulator } from "../../emulator";
import { openSessions, useEmulator } from "../support/emulator";
import { useEngine, withProgram } from "../support/engine";
import { useFolder } from "../support/folder";
import { SERVICE } from "../support/lifecycles";
import { useBundle } from "../support/plugin";
import { all, writeProgram } from "./examples";
import { useYaml } from "./yaml/host";

describe("The schema's examples in YAML", function () {
  this.timeout(180_000);
  useEngine();
  const host = useYaml();
  useBundle();
  const emulator = useEmulator();
  const folder = useFolder();
  // Like an MRS Manager, it has a self-signed certificate.
  let manager: Emulator;
  beforeEach(async () => {
    manager = await startEmulator({ tls: true });
  });
  afterEach(() => manager.close());

  /** What the examples read. */
  function settings(): ConfigMap {
    const { casUrl, username, password, caCertificate = "" } = manager;
    return {
      instanceId: { value: emulator().instanceId },
      redisPassword: { value: emulator().redisPassword, secret: true },
      casUrl: { value: casUrl },
      service: { value: SERVICE },
      username: { value: username },
      password: { value: password, secret: true },
      caCertificate: { value: caCertificate },
    };
  }

  for (const example of all) {
    it(`open on up, change nothing on a second up, and end on destroy: ${example.name}`, async () => {
      const open = () => openSessions(emulator())[0] + openSessions(manager)[1];
      const file = await writeProgram(folder(), example, "yaml", "Pulumi.yaml");
      const env = { PATH: [host(), process.env.PATH].join(delimiter) };
      const run = { workDir: dirname(file), config: settings(), env };
      await withProgram(emulator(), run, async (stack) => {
        await stack.up();
        assert.equal(open(), example.programs.yaml.match(/Session$/gm)?.length ?? 0);
        const { summary } = await stack.up();
        assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
        await stack.destroy();
        assert.equal(open(), 0);
      });
    });
  }
});
