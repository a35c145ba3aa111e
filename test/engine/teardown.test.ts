import assert from "node:assert/strict";
import { CasSession, WebCliSession } from "pulumi-huaweicloud-sessions";
import { openSessions, refusals, useEmulator } from "../support/emulator";
import { useEngine, withProgram } from "../support/engine";
import { SERVICE } from "../support/lifecycles";

describe("A teardown on the real engine", function () {
  this.timeout(120_000);
  useEngine();
  const emulator = useEmulator();
  const open = () => openSessions(emulator());
  const program = async () => {
    const { instanceId, redisPassword, casUrl, username, password } = emulator();
    new WebCliSession("cache", { instanceId, password: redisPassword });
    new CasSession("manager", { casUrl, username, password, service: SERVICE });
  };

  it("fails while a session is not known to have ended, and ends it when it is run again", async () => {
    await withProgram(emulator(), { program }, async (stack) => {
      await stack.up();
      emulator().fault({ on: "webcli.logout", do: { status: 403, body: { error_code: "DCS.2003" } } });
      emulator().fault({ on: "cas.logout", do: { status: 200, body: "<h1>Bye</h1>" } });
      await assert.rejects(stack.destroy(), (error: Error) => {
        assert.match(error.message, /Could not log out of/);
        assert.doesNotMatch(error.message, /^\s+at /m);
        return true;
      });
      assert.ok(open().some((count) => count > 0));
      emulator().clearFaults();
      await stack.destroy();
    });
    assert.deepEqual(open(), [0, 0]);
  });

  it("ends sessions with the environment's keys after those of the last up were rotated", async () => {
    const { instanceId, redisPassword: password } = emulator();
    const several = async () => {
      for (const name of ["one", "two", "three"]) new WebCliSession(name, { instanceId, password });
    };
    await withProgram(emulator(), { program: several }, async (stack) => {
      await stack.up();
      const { accessKey, secretKey } = emulator().rotateKeys();
      Object.assign(stack.workspace.envVars, { HW_ACCESS_KEY: accessKey, HW_SECRET_KEY: secretKey });
      await stack.destroy();
    });
    assert.deepEqual(open(), [0, 0]);
    assert.equal(refusals(emulator()), 1, "the old keys are tried once, not once for each session");
  });

  it("is done with sessions that expired, and with an instance that is gone", async () => {
    await withProgram(emulator(), { program }, async (stack) => {
      await stack.up();
      emulator().expireSessions();
      await stack.destroy();
      await stack.up();
      emulator().removeInstance();
      await stack.destroy();
    });
    assert.deepEqual(open(), [0, 0]);
  });

  it("ends a session whose create failed after the login, when its logout failed too", async () => {
    const clientId = "45934af80681efd5282554d77cae150760df78a9b342568c";
    await withProgram(emulator(), { program }, async (stack) => {
      emulator().fault({ on: "webcli.auth", do: { status: 200, body: { client_id: clientId } } });
      emulator().fault({ on: "webcli.logout", do: { status: 403 } });
      await assert.rejects(stack.up(), /kept in the stack's state, so that `pulumi destroy` ends it/);
      emulator().fault({ on: "webcli.logout", do: { status: 204 } });
      await stack.destroy();
    });
    const logouts = emulator()
      .requests()
      .filter(({ on, body }) => on === "webcli.logout" && body.includes(clientId));
    assert.deepEqual(
      logouts.map(({ status }) => status),
      [403, 204],
    );
    assert.deepEqual(open(), [0, 0]);
  });
});
