import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation";
import { WebCliSession } from "pulumi-huaweicloud-sessions";
import { cliProfileOf, keysOf, useFiles } from "../support/credentials";
import { refusals, requestsOn, useEmulator } from "../support/emulator";
import { failureOf, useEngine, withProgram } from "../support/engine";

const OURS = "huaweicloud-sessions";

describe("Keys that are rotated during the life of a stack", function () {
  this.timeout(180_000);
  useEngine();
  const emulator = useEmulator();
  const write = useFiles();
  const program = async () => {
    const { instanceId, redisPassword: password } = emulator();
    new WebCliSession("cache", { instanceId, password });
  };

  /** Up, refresh, and destroy; the keys of one are no good any more for the next. */
  async function liveThrough(stack: Stack, provideKeys: () => void): Promise<void> {
    provideKeys();
    await stack.up();
    for (const goOn of [() => stack.refresh(), () => stack.destroy()]) {
      emulator().rotateKeys();
      emulator().expireTemporaryKeys();
      provideKeys();
      await goOn();
    }
    assert.equal(refusals(emulator()), 0);
    assert.deepEqual(emulator().sessions().webCli, { open: [], opened: 1, closed: 1, expired: 0 });
  }

  /** Takes from the stack's configuration what the test finds elsewhere. */
  async function forget(stack: Stack, ...settings: string[]): Promise<void> {
    for (const setting of settings) await stack.removeConfig(`${OURS}:${setting}`);
  }

  for (const namespace of [OURS, "huaweicloud"]) {
    it(`are those of the environment, with which the agency of \`${namespace}:assumeRole\` is assumed`, async () => {
      const config = { [`${OURS}:iamEndpoint`]: { value: emulator().iamEndpoint } };
      await withProgram(emulator(), { program, config }, async (stack) => {
        await forget(stack, "accessKey", "secretKey");
        await stack.setConfig(`${namespace}:assumeRole.agencyName`, { value: "operators" }, true);
        await stack.setConfig(`${namespace}:assumeRole.domainName`, { value: "target" }, true);
        await liveThrough(stack, () => Object.assign(stack.workspace.envVars, keysOf(emulator())));
      });
      const roles = requestsOn(emulator(), "iam.securityTokens").map(
        ({ body }) => JSON.parse(body).auth.identity.assume_role,
      );
      const role = { agency_name: "operators", domain_name: "target", duration_seconds: 43_200 };
      assert.deepEqual(roles, [role, role, role]);
    });
  }

  it("are those of the vendor's command line, whose profile is all that the stack has beside the endpoints", async () => {
    const { region, projectId } = emulator();
    const writeProfile = () => write("config.json", cliProfileOf(emulator(), { region, projectId }));
    const env = { HW_SHARED_CONFIG_FILE: writeProfile() };
    await withProgram(emulator(), { program, env }, async (stack) => {
      await forget(stack, "accessKey", "secretKey", "projectId");
      await liveThrough(stack, writeProfile);
    });
  });

  it("are those of the configuration: `destroy --run-program` takes them, and a plain destroy does not", async () => {
    await withProgram(emulator(), { program }, async (stack) => {
      await stack.up();
      const { accessKey, secretKey } = emulator().rotateKeys();
      await stack.setConfig(`${OURS}:accessKey`, { value: accessKey, secret: true });
      await stack.setConfig(`${OURS}:secretKey`, { value: secretKey, secret: true });
      assert.match(await failureOf(stack.destroy()), /or run `pulumi destroy --run-program`/);
      assert.equal(emulator().sessions().webCli.open.length, 1);
      await stack.destroy({ runProgram: true });
      assert.equal(emulator().sessions().webCli.open.length, 0);
    });
  });
});
