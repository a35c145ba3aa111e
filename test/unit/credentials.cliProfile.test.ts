import assert from "node:assert/strict";
import { dirname } from "node:path";
import { RequestError } from "../../provider/api/errors";
import { credentialsOf, settingsOf, useFiles } from "../support/credentials";
import { rejection } from "../support/rejection";

describe("The file of the vendor's command line", () => {
  const write = useFiles();
  const KEYS = { accessKeyId: "one", secretAccessKey: "s" };
  const FILE = {
    authEncrypt: "false",
    current: "first",
    profiles: [
      { name: "first", mode: "AKSK", ...KEYS, securityToken: "", region: "eu-nl", projectId: "p1" },
      { name: "second", mode: "AKSK", accessKeyId: "two", secretAccessKey: "s", securityToken: "t" },
      {
        name: "single sign-on",
        mode: "SSO",
        ssoAuth: { stsToken: { ...KEYS, accessKeyId: "sso", securityToken: "t" } },
      },
      { name: "agency of the server", mode: "ecsAgency" },
    ],
  };
  const withProfile = (profile: object) => ({ current: "p", profiles: [{ name: "p", ...profile }] });
  const settingsIn = (file: object | string, environment: Record<string, string> = {}) => {
    const text = typeof file === "string" ? file : JSON.stringify(file);
    return settingsOf({ HW_SHARED_CONFIG_FILE: write("config.json", text), ...environment });
  };

  it("gives keys, region, and project ID of its current profile", async () => {
    const settings = settingsIn(FILE);
    assert.deepEqual(await credentialsOf(settings), [{ accessKey: "one", secretKey: "s" }]);
    assert.deepEqual([settings.first("region")?.value, settings.first("projectId")?.value], ["eu-nl", "p1"]);
  });

  it("gives those of the profile that HW_PROFILE names", async () => {
    const found = await credentialsOf(settingsIn(FILE, { HW_PROFILE: "second" }));
    assert.deepEqual(found, [{ accessKey: "two", secretKey: "s", securityToken: "t" }]);
  });

  it("gives the temporary keys of a single sign-on", async () => {
    const found = await credentialsOf(settingsIn(FILE, { HW_PROFILE: "single sign-on" }));
    assert.deepEqual(found, [{ accessKey: "sso", secretKey: "s", securityToken: "t" }]);
  });

  it("gives those of a single sign-on rather than older ones beside them", async () => {
    const { ssoAuth } = FILE.profiles[2] ?? {};
    const found = await credentialsOf(settingsIn(withProfile({ ...KEYS, mode: "SSO", ssoAuth })));
    assert.deepEqual(found, [{ accessKey: "sso", secretKey: "s", securityToken: "t" }]);
  });

  it("gives nothing where the profile has no keys", async () => {
    assert.deepEqual(await credentialsOf(settingsIn(FILE, { HW_PROFILE: "agency of the server" })), []);
  });

  it("comes after the environment and before the profile file of the SDKs", async () => {
    const environment = {
      HW_ACCESS_KEY: "environment",
      HW_SECRET_KEY: "s",
      HW_REGION_NAME: "eu-de",
      HUAWEICLOUD_SDK_CREDENTIALS_FILE: write("credentials", "[basic]\nak = profile\nsk = s\n"),
    };
    const settings = settingsIn(FILE, environment);
    const secretKey = "s";
    assert.deepEqual(
      await credentialsOf(settings),
      ["environment", "one", "profile"].map((accessKey) => ({ accessKey, secretKey })),
    );
    assert.equal(settings.first("region")?.value, "eu-de");
  });

  it("may be in the home folder", async () => {
    const HOME = dirname(write("config.json", JSON.stringify(FILE)));
    const settings = settingsOf({ HOME, HW_SHARED_CONFIG_FILE: "~/config.json" });
    assert.deepEqual(await credentialsOf(settings), [{ accessKey: "one", secretKey: "s" }]);
  });

  it("is ~/.hcloud/config.json where only a profile is named", async () => {
    const HOME = dirname(dirname(write(".hcloud/config.json", JSON.stringify(FILE))));
    const settings = settingsOf({ HOME, HW_PROFILE: "second" });
    assert.deepEqual((await credentialsOf(settings)).map(Object.values), [["two", "s", "t"]]);
  });

  it("is the one that the bridged provider's configuration names, rather than the environment's", async () => {
    const file = write("config.json", JSON.stringify(FILE));
    const config = { "huaweicloud:sharedConfigFile": file, "huaweicloud:profile": "second" };
    const settings = settingsOf({ HW_SHARED_CONFIG_FILE: "/nonexistent", HW_PROFILE: "first" }, config);
    assert.deepEqual((await credentialsOf(settings)).map(Object.values), [["two", "s", "t"]]);
  });

  it("is named among the places that were searched for keys", () => {
    const config = { "huaweicloud:sharedConfigFile": write("config.json", JSON.stringify(FILE)) };
    const { problem } = settingsOf({}, config).missingCredentials();
    assert.match(problem, /, the CLI profile \(huaweicloud:sharedConfigFile\), the profile file \(/);
  });

  const unusable: [string, object | string, Record<string, string>, string][] = [
    ["is encrypted", { ...FILE, authEncrypt: "true" }, {}, "holds encrypted keys"],
    [
      "lacks the profile that is named",
      FILE,
      { HW_PROFILE: "s3cr3t" },
      "does not hold the profile that HW_PROFILE names",
    ],
    ["lacks its current profile", { ...FILE, current: "s3cr3t" }, {}, "does not hold its current profile"],
    [
      "has no login of a single sign-on",
      withProfile({ mode: "SSO" }),
      {},
      "holds no keys of a single sign-on",
    ],
    [
      "has an agency whose keys are elsewhere",
      withProfile({ mode: "AssumeRole", agencyName: "a", agencyDomainName: "d" }),
      {},
      "holds no keys to assume its profile's agency with",
    ],
    ["is something else", "s3cr3t", {}, "is not a configuration of the vendor's command line"],
    ["can't be read", FILE, { HW_SHARED_CONFIG_FILE: "/s3cr3t" }, "does not exist"],
  ];
  for (const [what, file, environment, problem] of unusable) {
    it(`is an error, without what it holds, where it ${what}`, async () => {
      const { message } = await rejection(credentialsOf(settingsIn(file, environment)));
      assert.equal(message, `the file that HW_SHARED_CONFIG_FILE names ${problem}`);
    });
  }

  const advised: [string, object, RegExp][] = [
    ["is encrypted", { ...FILE, authEncrypt: "true" }, /`hcloud configure set --cli-auth-encrypt=false`/],
    ["has no login of a single sign-on", withProfile({ mode: "SSO" }), /`hcloud configure sso`/],
    [
      "has an agency whose keys are elsewhere",
      withProfile({ agencyName: "a", agencyDomainName: "d" }),
      /profile that has the keys, and the agency by HW_ASSUME_ROLE_AGENCY_NAME and HW_ASSUME_ROLE_DOMAIN_NAME/,
    ],
  ];
  for (const [what, file, advice] of advised) {
    it(`is told with what to do where it ${what}`, async () => {
      const error = await rejection(credentialsOf(settingsIn(file)));
      assert.ok(error instanceof RequestError);
      assert.match(error.failure.advice, advice);
    });
  }

  it("is told by its name where only a profile is named", async () => {
    const { message } = await rejection(credentialsOf(settingsOf({ HW_PROFILE: "s3cr3t" })));
    assert.equal(
      message,
      "the file ~/.hcloud/config.json, in which HW_PROFILE names a profile, does not exist",
    );
  });
});
