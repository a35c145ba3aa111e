import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Settings } from "../../provider/config";

const NOWHERE = { HOME: "/nonexistent" };

function settings(environment: Record<string, string>, config: Record<string, string> = {}): Settings {
  return new Settings({ get: (key) => config[key] }, { ...NOWHERE, ...environment });
}

describe("Keys", () => {
  it("are taken from the stack's config first, then from the environment by family", () => {
    const environment = {
      OS_ACCESS_KEY: "os",
      OS_SECRET_KEY: "s",
      HW_ACCESS_KEY: "hw",
      HW_SECRET_KEY: "s",
      HUAWEICLOUD_SDK_AK: "sdk",
      HUAWEICLOUD_SDK_SK: "s",
      CLOUD_SDK_AK: "cloud",
      CLOUD_SDK_SK: "s",
    };
    const config = { "huaweicloud:accessKey": "config", "huaweicloud:secretKey": "s" };
    const found = [...settings(environment, config).keySets()];
    assert.deepEqual(
      found,
      ["config", "cloud", "sdk", "hw", "os"].map((accessKey) => ({ accessKey, secretKey: "s" })),
    );
  });

  it("are never mixed from two families", () => {
    const half = { CLOUD_SDK_AK: "cloud", HW_SECRET_KEY: "hw" };
    assert.deepEqual([...settings(half).keySets()], []);
  });

  it("give a token of a family before its AK/SK", () => {
    const keys = { HW_ACCESS_KEY: "hw", HW_SECRET_KEY: "s", HW_AUTH_TOKEN: "token" };
    assert.deepEqual([...settings(keys).keySets()], [{ authToken: "token" }]);
  });

  it("carry the security token of their own family", () => {
    const keys = { HW_ACCESS_KEY: "hw", HW_SECRET_KEY: "s", OS_SECURITY_TOKEN: "os", HW_SECURITY_TOKEN: "t" };
    assert.deepEqual(
      [...settings(keys).keySets()],
      [{ accessKey: "hw", secretKey: "s", securityToken: "t" }],
    );
  });
});

describe("Region, endpoint and project id", () => {
  it("come from config before the environment", () => {
    const environment = { HW_REGION_NAME: "eu-de", HW_PROJECT_ID: "hw" };
    assert.equal(settings(environment, { "huaweicloud:region": "cn-north-4" }).region(), "cn-north-4");
    assert.equal(settings(environment).region(), "eu-de");
    assert.equal(settings(environment).projectId(), "hw");
    assert.equal(settings({}, { "huaweicloud:dcsEndpoint": "https://dcs" }).dcsEndpoint(), "https://dcs");
  });
});

describe("The profile file", () => {
  const folder = mkdtempSync(join(tmpdir(), "profile-"));
  const path = join(folder, "credentials");
  after(() => rmSync(folder, { recursive: true }));
  const profile = () => settings({ HUAWEICLOUD_SDK_CREDENTIALS_FILE: path });

  it("is the last source of keys and project id", () => {
    writeFileSync(path, "[basic]\nak = file\nsk = s\nsecurity_token = t\nproject_id = p\n");
    assert.deepEqual([...profile().keySets()], [{ accessKey: "file", secretKey: "s", securityToken: "t" }]);
    assert.equal(profile().projectId(), "p");
  });

  it("may begin with a byte order mark", () => {
    writeFileSync(path, "\uFEFF[basic]\nak = file\nsk = s\n");
    assert.deepEqual([...profile().keySets()], [{ accessKey: "file", secretKey: "s" }]);
  });

  it("is not read for what it never holds", () => {
    const named = settings({ HUAWEICLOUD_SDK_CREDENTIALS_FILE: join(folder, "absent") });
    assert.deepEqual([named.region(), named.dcsEndpoint()], [undefined, undefined]);
  });

  it("may be absent from the home directory, and gives no keys then", () => {
    assert.deepEqual([...settings({}).keySets()], []);
  });

  it("is an error when it is named and can't be read, without its path", () => {
    const named = settings({ HUAWEICLOUD_SDK_CREDENTIALS_FILE: join(folder, "absent") });
    assert.throws(() => [...named.keySets()], /HUAWEICLOUD_SDK_CREDENTIALS_FILE/);
    assert.throws(
      () => [...named.keySets()],
      (error: Error) => !error.message.includes(folder),
    );
  });
});
