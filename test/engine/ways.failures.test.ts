import assert from "node:assert/strict";
import { ProviderResource } from "@pulumi/pulumi";
import { WebCliCommand, WebCliSession } from "pulumi-huaweicloud-sessions";
import { useEmulator } from "../support/emulator";
import { diagnosticsOf, diary, failureOf, stateOnDisk, useEngine, withProgram } from "../support/engine";

class DynamicProvider extends ProviderResource {}

describe("A failure in one place", function () {
  this.timeout(180_000);
  useEngine();
  const emulator = useEmulator();
  const left = () => emulator().sessions().webCli.open.length;

  it("skips what depends on a failed session with --continue-on-error, and makes everything else", async () => {
    const { instanceId, redisPassword } = emulator();
    const since = diary(emulator());
    const passwords = { bad: "wrong" };
    const program = async () => {
      const good = new WebCliSession("good", { instanceId, password: redisPassword });
      const bad = new WebCliSession("bad", { instanceId, password: passwords.bad });
      for (const name of ["one", "two"]) {
        new WebCliCommand(`skipped-${name}`, { session: bad, create: `SET bad-${name} 1`, delete: "DEL x" });
      }
      new WebCliCommand("seed", { session: good, create: "SET good 1" });
      new WebCliSession("dependent", { instanceId, password: redisPassword, triggers: [bad.openedAt] });
    };
    await withProgram(emulator(), { program }, async (stack) => {
      const printed = await failureOf(stack.up({ continueOnError: true }));
      assert.match(printed, /The instance refused the password/);
      assert.doesNotMatch(printed, /is required|must be/);
      assert.deepEqual(since().sort(), ["SET good 1", "login", "login (400)"]);
      passwords.bad = redisPassword;
      await stack.up();
      assert.deepEqual(since().sort(), ["SET bad-one 1", "SET bad-two 1", "login", "login"]);
      passwords.bad = "wrong";
      await failureOf(stack.up({ continueOnError: true }));
      assert.deepEqual(since(), ["login (400)"]);
    });
    assert.equal(left(), 0);
  });

  it("ends the other sessions with `destroy --continue-on-error` where one delete fails", async () => {
    const { instanceId, redisPassword: password } = emulator();
    const program = async () => {
      const held = new WebCliSession("held", { instanceId, password });
      new WebCliCommand("list", { session: held, create: "LPUSH k 1", delete: "INCR k" });
      for (const name of ["a", "b", "c"]) new WebCliSession(name, { instanceId, password });
    };
    await withProgram(emulator(), { program }, async (stack) => {
      await stack.up();
      assert.equal(left(), 4);
      await failureOf(stack.destroy({ continueOnError: true }));
      assert.equal(left(), 1);
      emulator().expireSessions();
    });
  });

  it("encrypts a password that a transform passes in plain text", async () => {
    const { instanceId, redisPassword } = emulator();
    const program = async () => {
      new WebCliSession(
        "cache",
        { instanceId },
        { transforms: [({ props, opts }) => ({ props: { ...props, password: redisPassword }, opts })] },
      );
    };
    await withProgram(emulator(), { program }, async (stack) => {
      await stack.up();
      assert.equal(left(), 1);
      const state = stateOnDisk(stack);
      assert.ok(!state.includes(redisPassword), "the state holds the password");
      assert.match(state, /"password":/);
      assert.deepEqual((await stack.up()).summary.resourceChanges, { same: 2 });
    });
  });

  it("warns at preview, once, of keys that stand in the configuration in plain text", async () => {
    const { instanceId, redisPassword: password, secretKey } = emulator();
    const program = async () => {
      for (const name of ["a", "b"]) new WebCliSession(name, { instanceId, password });
    };
    const config = { "huaweicloud-sessions:secretKey": { value: secretKey } };
    await withProgram(emulator(), { program, config }, async (stack) => {
      const warnings = diagnosticsOf((await stack.preview()).stdout).match(/warning: .*/g);
      assert.equal(warnings?.length, 1);
      assert.match(String(warnings), /hold `huaweicloud-sessions:secretKey` in plain text/);
      await stack.setConfig("huaweicloud-sessions:secretKey", { value: secretKey, secret: true });
      assert.doesNotMatch((await stack.preview()).stdout, /warning/);
    });
  });

  it("warns at preview of a setting that there is not, and of settings that an explicit provider does not get", async () => {
    const { instanceId, redisPassword: password } = emulator();
    const program = async () => {
      const provider = new DynamicProvider("pulumi-nodejs", "own", {});
      new WebCliSession("cache", { instanceId, password }, { provider });
    };
    const config = { "huaweicloud-sessions:endpoint": { value: "https://dcs.example" } };
    await withProgram(emulator(), { program, config }, async (stack) => {
      const printed = diagnosticsOf(await failureOf(stack.preview()));
      assert.match(
        printed,
        /warning: .* holds `huaweicloud-sessions:endpoint`, which is not a setting; did you mean `huaweicloud-sessions:dcsEndpoint`\?/,
      );
      assert.match(
        printed,
        /warning: WebCliSession "cache" has an explicit provider, .* count for nothing here/,
      );
      assert.match(printed, /`region` is required/);
    });
  });

  it("refuses what plain JavaScript passes wrongly in one sentence, before any login", async () => {
    const { instanceId } = emulator();
    const program = async () => {
      const session = new WebCliSession("cache", { instanceId });
      const args: { session: WebCliSession; create: string } = JSON.parse('{"create":"DBSIZE"}');
      Object.assign(args, { session: session.clientId });
      new WebCliCommand("size", args);
    };
    await withProgram(emulator(), { program }, async (stack) => {
      const printed = diagnosticsOf(await failureOf(stack.preview()));
      assert.match(printed, /error: WebCliCommand "size": `session` must be the WebCliSession itself/);
      assert.doesNotMatch(printed, /^\s+at /m);
    });
    assert.deepEqual(emulator().requests(), []);
  });
});
