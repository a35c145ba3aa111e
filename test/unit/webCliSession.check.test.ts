import assert from "node:assert/strict";
import type { dynamic } from "@pulumi/pulumi";
import { UNKNOWN } from "../../provider/engine";
import { SessionLifecycle } from "../../provider/lifecycle/sessionLifecycle";
import { webCliSessions } from "../../provider/lifecycle/webCliSession";
import { useEnvironment } from "../support/environment";
import { type Config, configRequest } from "../support/lifecycles";

const INSTANCE = "11111111-2222-3333-4444-555555555555";
const PROJECT = "0123456789abcdef0123456789abcdef";
const CONFIG: Config = {
  "huaweicloud-sessions:accessKey": "AK",
  "huaweicloud-sessions:secretKey": "SK",
  "huaweicloud-sessions:projectId": PROJECT,
  "huaweicloud-sessions:region": "cn-north-4",
};

async function check(args: object, config = CONFIG): Promise<dynamic.CheckResult> {
  const lifecycle = new SessionLifecycle(webCliSessions);
  await lifecycle.configure(configRequest(config));
  return lifecycle.check({}, { instanceId: INSTANCE, ...args });
}

async function inputsOf(args: object, config?: Config) {
  const { inputs, failures } = await check(args, config);
  assert.deepEqual(failures, []);
  return inputs;
}

async function onlyFailureOf(args: object, config?: Config): Promise<dynamic.CheckFailure> {
  const { failures = [] } = await check(args, config);
  assert.equal(failures.length, 1, JSON.stringify(failures));
  return failures[0] ?? { property: "", reason: "" };
}

describe("WebCliSession check", () => {
  useEnvironment();

  it("fills the project ID and the endpoint from the stack configuration", async () => {
    assert.deepEqual(await inputsOf({}), {
      instanceId: INSTANCE,
      projectId: PROJECT,
      endpoint: "https://dcs.cn-north-4.myhuaweicloud.com",
    });
  });

  const endpoints: [string, object, string][] = [
    [
      "a region of Huawei Cloud",
      { region: "ap-southeast-1" },
      "https://dcs.ap-southeast-1.myhuaweicloud.com",
    ],
    ["a region in Europe", { region: "eu-west-101" }, "https://dcs.eu-west-101.myhuaweicloud.eu"],
    ["a region of Open Telekom Cloud", { region: "eu-de" }, "https://dcs.eu-de.otc.t-systems.com"],
    ["an endpoint, which beats the region", { region: "eu-de", endpoint: "https://dcs/" }, "https://dcs"],
    ["plain http to a loopback address", { endpoint: "http://127.0.0.1:8800" }, "http://127.0.0.1:8800"],
  ];
  for (const [from, args, endpoint] of endpoints) {
    it(`makes the endpoint from ${from}`, async () => {
      assert.equal((await inputsOf(args)).endpoint, endpoint);
    });
  }

  it("prefers the program's region to a configured endpoint", async () => {
    const config = { ...CONFIG, "huaweicloud-sessions:dcsEndpoint": "https://config" };
    assert.equal((await inputsOf({}, config)).endpoint, "https://config");
    const { endpoint } = await inputsOf({ region: "eu-nl" }, config);
    assert.equal(endpoint, "https://dcs.eu-nl.otc.t-systems.com");
  });

  it("lets unknown values pass", async () => {
    const unknown = { instanceId: UNKNOWN, projectId: UNKNOWN, endpoint: UNKNOWN, password: UNKNOWN };
    const rest = { triggers: UNKNOWN, reopenWhenExpired: UNKNOWN };
    assert.deepEqual(await inputsOf({ ...unknown, ...rest }), {
      ...{ ...unknown, reopenWhenExpired: UNKNOWN },
      triggers: [UNKNOWN],
    });
  });

  it("hands on neither the region nor whether this is a preview", async () => {
    const inputs = await inputsOf({ region: "eu-de", __preview: true, __provider: "text" });
    assert.deepEqual(Object.keys(inputs).sort(), ["endpoint", "instanceId", "projectId"]);
  });

  const bad: [string, object, string][] = [
    ["no instance ID", { instanceId: undefined }, "instanceId"],
    ["a path in the instance ID", { instanceId: "../auth" }, "instanceId"],
    ["a number for an instance ID", { instanceId: 7 }, "instanceId"],
    ["a path in the project ID", { projectId: "p/../q" }, "projectId"],
    ["an endpoint in plain http", { endpoint: "http://dcs.example" }, "endpoint"],
    ["a region with a dot", { region: "eu.de" }, "region"],
    ["a reopenWhenExpired that is not a boolean", { reopenWhenExpired: "yes" }, "reopenWhenExpired"],
  ];
  for (const [what, args, property] of bad) {
    it(`refuses ${what}, in one sentence that names the property`, async () => {
      const failure = await onlyFailureOf(args);
      assert.equal(failure.property, property);
      assert.match(failure.reason, new RegExp(`^\`${property}\` .+[^.]\\.$`));
    });
  }

  const quiet: [string, object, string][] = [
    ["a password that is not a string", { password: 12345678 }, "password"],
    ["an empty password", { password: "" }, "password"],
    ["a client ID with a line break", { clientId: "s3cr3t-client\nid" }, "clientId"],
    ["both a password and a client ID", { password: "s3cr3t", clientId: "s3cr3t" }, "clientId"],
    ["a trigger that is not a string", { triggers: ["s3cr3t", 1] }, "triggers"],
    ["triggers that are not a list", { triggers: "s3cr3t" }, "triggers"],
    ["an endpoint with credentials", { endpoint: "https://user:s3cr3t@dcs.example" }, "endpoint"],
  ];
  for (const [what, args, property] of quiet) {
    it(`refuses ${what} without naming a property whose value the engine would print`, async () => {
      const failure = await onlyFailureOf(args);
      assert.equal(failure.property, "");
      assert.match(failure.reason, new RegExp(`^\`${property}\` `));
      assert.doesNotMatch(failure.reason, /s3cr3t|12345678/);
    });
  }

  it("refuses a misspelled argument, and suggests the right one", async () => {
    const { property, reason } = await onlyFailureOf({ passwort: "s3cr3t" });
    assert.deepEqual(
      [property, reason],
      ["", "WebCliSession has no argument `passwort`; did you mean `password`?"],
    );
  });

  const missing: [string, Config, RegExp][] = [
    [
      "no credentials",
      { ...CONFIG, "huaweicloud-sessions:accessKey": undefined, "huaweicloud-sessions:secretKey": undefined },
      /^`huaweicloud-sessions:accessKey` is required.* HW_ACCESS_KEY and HW_SECRET_KEY/,
    ],
    [
      "an access key without its secret key",
      { ...CONFIG, "huaweicloud-sessions:secretKey": undefined },
      /^`huaweicloud-sessions:secretKey` is required when `huaweicloud-sessions:accessKey` is set\.$/,
    ],
    [
      "a secret key without its access key",
      { ...CONFIG, "huaweicloud-sessions:accessKey": undefined },
      /^`huaweicloud-sessions:accessKey` is required when `huaweicloud-sessions:secretKey` is set\.$/,
    ],
    [
      "neither a region nor an endpoint",
      { ...CONFIG, "huaweicloud-sessions:region": undefined },
      /^`region` is required unless you pass `endpoint`.*HW_REGION_NAME, or `huaweicloud-sessions:dcsEndpoint`/,
    ],
    [
      "no project ID, and no region to find it by",
      {
        ...CONFIG,
        "huaweicloud-sessions:projectId": undefined,
        "huaweicloud-sessions:region": undefined,
        "huaweicloud-sessions:dcsEndpoint": "https://dcs.example",
      },
      /^`projectId` is required.*HW_PROJECT_ID/,
    ],
    [
      "a configured region that is not one",
      { ...CONFIG, "huaweicloud-sessions:region": "EU DE" },
      /^`huaweicloud-sessions:region` must be the code of a region, such as eu-de/,
    ],
    [
      "a configured region of a cloud that nobody here knows",
      { ...CONFIG, "huaweicloud-sessions:region": "eu-ch2" },
      /^`huaweicloud-sessions:region` must be a region that this package knows.*set `huaweicloud-sessions:dcsEndpoint` and `huaweicloud-sessions:iamEndpoint`/,
    ],
    [
      "a configured project ID that is not one",
      { ...CONFIG, "huaweicloud-sessions:projectId": "../x" },
      /^`huaweicloud-sessions:projectId` must be the ID/,
    ],
    [
      "a configured endpoint in plain http",
      { ...CONFIG, "huaweicloud-sessions:dcsEndpoint": "http://dcs.example" },
      /^`huaweicloud-sessions:dcsEndpoint` must use https/,
    ],
  ];
  for (const [what, config, reason] of missing) {
    it(`refuses ${what}, and names the setting`, async () => {
      assert.match((await onlyFailureOf({}, config)).reason, reason);
    });
  }

  it("names all settings that are missing at once", async () => {
    const { failures = [] } = await check({ instanceId: "../x" }, {});
    assert.deepEqual(
      failures.map(({ reason }) => reason.split(" ")[0]),
      ["`instanceId`", "`region`", "`huaweicloud-sessions:accessKey`"],
    );
  });

  it("takes a region of any cloud beside an endpoint", async () => {
    const { endpoint } = await inputsOf({ region: "eu-ch2", endpoint: "https://dcs.example" });
    assert.equal(endpoint, "https://dcs.example");
  });

  it("refuses a region of a cloud that nobody here knows", async () => {
    const { property, reason } = await onlyFailureOf({ region: "eu-ch2" });
    assert.equal(property, "region");
    assert.match(reason, /^`region` must be a region that this package knows/);
  });
});
