import assert from "node:assert/strict";
import type { dynamic } from "@pulumi/pulumi";
import { UNKNOWN } from "../../provider/lifecycle/findings";
import { WebCliSessionLifecycle } from "../../provider/lifecycle/webCliSession";
import { useEnvironment } from "../support/environment";
import { type Config, configRequest } from "../support/lifecycles";

const INSTANCE = "11111111-2222-3333-4444-555555555555";
const PROJECT = "0123456789abcdef0123456789abcdef";
const KEYS = { "huaweicloud:accessKey": "AK", "huaweicloud:secretKey": "SK" };
const CONFIG = { ...KEYS, "huaweicloud:projectId": PROJECT, "huaweicloud:region": "cn-north-4" };

async function check(args: object, config: Config = CONFIG): Promise<dynamic.CheckResult> {
  const lifecycle = new WebCliSessionLifecycle();
  await lifecycle.configure(configRequest(config));
  return lifecycle.check({}, Object.assign({ instanceId: INSTANCE, endpoint: "", projectId: "" }, args));
}

async function inputsOf(args: object, config?: Config) {
  const { inputs, failures } = await check({ endpoint: undefined, projectId: undefined, ...args }, config);
  assert.deepEqual(failures, []);
  return inputs;
}

async function failuresOf(args: object, config?: Config) {
  const { failures } = await check({ endpoint: undefined, projectId: undefined, ...args }, config);
  return failures ?? [];
}

describe("WebCliSession check", () => {
  useEnvironment();

  it("fills project id and endpoint from config", async () => {
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
    ["plain http to loopback", { endpoint: "http://127.0.0.1:8800" }, "http://127.0.0.1:8800"],
  ];
  for (const [from, args, endpoint] of endpoints) {
    it(`makes the endpoint from ${from}`, async () => {
      assert.equal((await inputsOf(args)).endpoint, endpoint);
    });
  }

  it("lets the program's region beat the config's endpoint", async () => {
    const config = { ...CONFIG, "huaweicloud:dcsEndpoint": "https://config" };
    assert.equal((await inputsOf({}, config)).endpoint, "https://config");
    const { endpoint } = await inputsOf({ region: "eu-nl" }, config);
    assert.equal(endpoint, "https://dcs.eu-nl.otc.t-systems.com");
  });

  it("lets unknown values pass", async () => {
    const unknown = { instanceId: UNKNOWN, projectId: UNKNOWN, endpoint: UNKNOWN, password: UNKNOWN };
    const rest = { triggers: UNKNOWN, reopenWhenExpired: UNKNOWN };
    assert.deepEqual(await inputsOf({ ...unknown, ...rest }), { ...unknown, triggers: [UNKNOWN] });
  });

  const bad: [string, object, string][] = [
    ["no instance id", { instanceId: undefined }, "instanceId"],
    ["a path in the instance id", { instanceId: "../auth" }, "instanceId"],
    ["a space in the instance id", { instanceId: "my cache" }, "instanceId"],
    ["a line break in the instance id", { instanceId: `${INSTANCE}\n` }, "instanceId"],
    ["a number for an instance id", { instanceId: 7 }, "instanceId"],
    ["a path in the project id", { projectId: "p/../q" }, "projectId"],
    ["an endpoint without a scheme", { endpoint: "dcs.eu-de.otc.t-systems.com" }, "endpoint"],
    ["an endpoint in plain http", { endpoint: "http://dcs.example" }, "endpoint"],
    ["an endpoint with a query", { endpoint: "https://dcs.example/?a=b" }, "endpoint"],
    ["a region with a dot", { region: "eu.de" }, "region"],
    ["an endpoint with an empty query", { endpoint: "https://dcs.example/?" }, "endpoint"],
    ["an endpoint with an empty fragment", { endpoint: "https://dcs.example/#" }, "endpoint"],
    ["an endpoint that can't be decoded", { endpoint: "https://dcs.example/100%" }, "endpoint"],
    ["a reopenWhenExpired that is no boolean", { reopenWhenExpired: "yes" }, "reopenWhenExpired"],
  ];
  for (const [what, args, property] of bad) {
    it(`refuses ${what}, in one sentence that names the property`, async () => {
      const [failure, ...more] = await failuresOf(args);
      assert.deepEqual(more, []);
      assert.equal(failure?.property, property);
      assert.match(failure.reason, new RegExp(`^${property} .+[^.]\\.$`));
    });
  }

  const quiet: [string, object, string][] = [
    ["a password that is no text", { password: 12345678 }, "password"],
    ["an empty password", { password: "" }, "password"],
    ["a client id with a line break", { clientId: "s3cr3t-client\nid" }, "clientId"],
    ["both a password and a client id", { password: "s3cr3t", clientId: "s3cr3t" }, "clientId"],
    ["a trigger that is no string", { triggers: ["s3cr3t", 1] }, "triggers"],
    ["a trigger that is no list", { triggers: "s3cr3t" }, "triggers"],
    ["an endpoint with credentials", { endpoint: "https://user:s3cr3t@dcs.example" }, "endpoint"],
  ];
  for (const [what, args, property] of quiet) {
    it(`refuses ${what} without naming a property whose value the engine would print`, async () => {
      const [failure, ...more] = await failuresOf(args);
      assert.deepEqual(more, []);
      assert.equal(failure?.property, "");
      assert.match(failure.reason, new RegExp(`^${property} `));
      assert.doesNotMatch(failure.reason, /s3cr3t|12345678/);
    });
  }

  const missing: [string, Config, RegExp][] = [
    [
      "no keys anywhere",
      { ...CONFIG, "huaweicloud:accessKey": undefined, "huaweicloud:secretKey": undefined },
      /^huaweicloud:accessKey is missing, /,
    ],
    [
      "one half of the keys",
      { ...CONFIG, "huaweicloud:secretKey": undefined },
      /^huaweicloud:accessKey is missing, or huaweicloud:secretKey is, /,
    ],
    ["no region and no endpoint", { ...CONFIG, "huaweicloud:region": undefined }, /^endpoint is missing/],
    ["no project id", { ...CONFIG, "huaweicloud:projectId": undefined }, /^projectId is missing/],
    [
      "a region in config that is none",
      { ...CONFIG, "huaweicloud:region": "EU DE" },
      /^huaweicloud:region \(or HW_REGION_NAME\) is no region: write it in lower case, like cn-north-4/,
    ],
  ];
  for (const [what, config, reason] of missing) {
    it(`refuses ${what}, and says where to set it`, async () => {
      const failures = await failuresOf({}, config);
      assert.equal(failures.length, 1);
      assert.match(failures[0]?.reason ?? "", reason);
    });
  }
});
