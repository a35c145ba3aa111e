import assert from "node:assert/strict";
import { cliProfileOf, keysOf, useFiles } from "../support/credentials";
import { calls, refusals, useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import type { Bag } from "../support/host";
import { Plugin, secret } from "../support/plugin";
import { rejection } from "../support/rejection";

describe("The configuration of the native plugin", () => {
  const emulator = useEmulator();
  const write = useFiles();
  useEnvironment();
  let plugin: Plugin;
  afterEach(() => plugin.stop());

  const args = (): Bag => {
    const { projectId, dcsEndpoint, accessKey, secretKey } = emulator();
    return { projectId, dcsEndpoint, accessKey: secret(accessKey), secretKey: secret(secretKey) };
  };

  async function openAndClose(): Promise<void> {
    const { inputs, failures } = await plugin.check("WebCliSession", {
      instanceId: emulator().instanceId,
      password: emulator().redisPassword,
    });
    assert.deepEqual(failures, []);
    const { outs } = await plugin.create("WebCliSession", inputs);
    await plugin.delete("WebCliSession", outs);
    assert.equal(emulator().sessions().webCli.closed, 1);
  }

  describe("of a default provider", () => {
    it("comes from the arguments where the environment holds none", async () => {
      plugin = await Plugin.start();
      await plugin.configure(args());
      await openAndClose();
    });

    it("is the stack's current one, which the engine puts into the environment", async () => {
      const old = args();
      const current = emulator().rotateKeys();
      plugin = await Plugin.start({ environment: { PULUMI_CONFIG: JSON.stringify(current) } });
      await plugin.configure(old);
      await openAndClose();
      assert.equal(refusals(emulator()), 0);
    });

    it("mixes no current key with one of the last up", async () => {
      const { accessKey, secretKey } = emulator();
      const environment = { PULUMI_CONFIG: JSON.stringify({ accessKey, secretKey }) };
      plugin = await Plugin.start({ environment });
      await plugin.configure({ ...args(), securityToken: "of other keys", authToken: "expired" });
      await openAndClose();
      const headers = emulator()
        .requests()
        .map(({ headers: sent }) => [sent["x-security-token"], sent["x-auth-token"]]);
      assert.ok(headers.flat().every((header) => header === undefined));
    });

    it("is not harmed by a PULUMI_CONFIG of somebody else", async () => {
      plugin = await Plugin.start({ environment: { PULUMI_CONFIG: "[not JSON" } });
      await plugin.configure(args());
      await openAndClose();
    });
  });

  it("of an explicit provider is its own, not the stack's", async () => {
    const environment = { PULUMI_CONFIG: JSON.stringify({ accessKey: "AK", secretKey: "SK" }) };
    plugin = await Plugin.start({ environment });
    await plugin.configure(args(), "eu");
    await openAndClose();
  });

  describe("is refused before anything is sent", () => {
    beforeEach(async () => {
      plugin = await Plugin.start();
    });
    afterEach(() => assert.deepEqual(calls(emulator()), []));

    const wrong: [string, Bag, string][] = [
      [
        "with an unknown key",
        { regoin: "eu-de" },
        "The provider has no argument `regoin`; did you mean `region`?",
      ],
      ["with an agency that is no object", { assumeRole: "operators" }, "`assumeRole` must be an object."],
      [
        "with a misspelled key of an agency",
        { assumeRole: JSON.stringify({ agencyName: "operators", domainNam: "target" }) },
        "`assumeRole` has no argument `domainNam`; did you mean `domainName`?",
      ],
      ["with an agency without a name", { assumeRole: { domainName: "d" } }, "`agencyName` is required."],
      ["with half a pair of keys", { accessKey: "AK" }, "`secretKey` is required when `accessKey` is set."],
      ["with the other half", { secretKey: "SK" }, "`accessKey` is required when `secretKey` is set."],
      [
        "with a token of no key",
        { securityToken: "T" },
        "`accessKey` is required when `securityToken` is set.",
      ],
      ["with a value of a wrong type", { projectId: 5 }, "`projectId` must be a string."],
      [
        "with an endpoint in plain http",
        { dcsEndpoint: "http://dcs.example.com" },
        "`dcsEndpoint` must use https (http is allowed only for loopback addresses).",
      ],
    ];
    for (const [what, news, failure] of wrong) {
      it(what, async () => assert.deepEqual((await plugin.checkConfig(news)).failures, [failure]));
    }
  });

  const spellings: [string, (role: object) => unknown, string?][] = [
    ["as JSON", (role) => JSON.stringify(role)],
    ["as an object", (role) => role],
    ["as an object of an explicit provider", (role) => role, "eu"],
  ];
  for (const [how, spell, provider] of spellings) {
    it(`takes an agency ${how}, and opens sessions as it`, async () => {
      plugin = await Plugin.start();
      const assumeRole = spell({ agencyName: "operators", domainName: "target", duration: 3600 });
      const config = { ...args(), iamEndpoint: emulator().iamEndpoint, assumeRole };
      assert.deepEqual((await plugin.checkConfig(config)).failures, []);
      await plugin.configure(config, provider);
      await openAndClose();
      assert.deepEqual(calls(emulator())[0], "iam.securityTokens");
    });
  }

  const withoutKeys = (): Bag => {
    const { projectId, dcsEndpoint, iamEndpoint } = emulator();
    return { projectId, dcsEndpoint, iamEndpoint };
  };
  const sources: [string, () => Bag][] = [
    [
      "the CLI profile, with nothing else",
      () => {
        process.env.HW_SHARED_CONFIG_FILE = write("config.json", cliProfileOf(emulator()));
        return withoutKeys();
      },
    ],
    [
      "an agency that the environment's keys assume",
      () => {
        Object.assign(process.env, keysOf(emulator()));
        return { ...withoutKeys(), assumeRole: { agencyName: "operators", domainName: "target" } };
      },
    ],
  ];
  for (const [source, provide] of sources) {
    it(`leaves the keys to ${source}, and goes on with rotated ones in each of its processes`, async () => {
      /** Each operation of the engine has a plugin of its own. */
      const inAnotherProcess = async <T>(work: () => Promise<T>) => {
        plugin = await Plugin.start();
        await plugin.configure(provide());
        const done = await work();
        plugin.stop();
        emulator().rotateKeys();
        emulator().expireTemporaryKeys();
        return done;
      };
      const { instanceId, redisPassword: password } = emulator();
      const { outs } = await inAnotherProcess(async () => {
        const { inputs } = await plugin.check("WebCliSession", { instanceId, password });
        return plugin.create("WebCliSession", inputs);
      });
      const { props } = await inAnotherProcess(() => plugin.read("WebCliSession", outs));
      await inAnotherProcess(() => plugin.delete("WebCliSession", props));
      assert.deepEqual([refusals(emulator()), emulator().sessions().webCli.closed], [0, 1]);
    });
  }

  it("takes what the engine itself adds to it", async () => {
    plugin = await Plugin.start();
    const { failures } = await plugin.checkConfig({
      ...args(),
      version: "0.1.0",
      pluginDownloadURL: "github://x",
    });
    assert.deepEqual(failures, []);
  });

  it("comes back with its keys marked as secret", async () => {
    plugin = await Plugin.start();
    const { inputs } = await plugin.checkConfig({ region: "eu-de", accessKey: "AK", secretKey: "SK" });
    assert.deepEqual(inputs, { region: "eu-de", accessKey: secret("AK"), secretKey: secret("SK") });
  });

  it("is needed from the engine", async () => {
    plugin = await Plugin.start();
    const error = await rejection(plugin.configure(undefined));
    assert.match(error.message, /too old for huaweicloud-sessions/);
  });
});
