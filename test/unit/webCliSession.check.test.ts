import assert from "node:assert/strict";
import { useEnvironment } from "../support/environment";
import { type Config, webCliLifecycle } from "../support/lifecycles";

const INSTANCE = "11111111-2222-3333-4444-555555555555";
const PROJECT = "0123456789abcdef0123456789abcdef";
const CONFIG: Config = {
  "huaweicloud-sessions:accessKey": "AK",
  "huaweicloud-sessions:secretKey": "SK",
  "huaweicloud-sessions:projectId": PROJECT,
  "huaweicloud-sessions:region": "cn-north-4",
};

describe("WebCliSession check", () => {
  useEnvironment();
  const check = async (args: object, config: Config = {}) => {
    const lifecycle = webCliLifecycle({ ...CONFIG, ...config });
    const { inputs, failures = [] } = await lifecycle.check({}, { instanceId: INSTANCE, ...args });
    return { inputs, reasons: failures.map(({ reason }) => reason) };
  };
  const endpointOf = async (args: object, config?: Config) => {
    const { inputs, reasons } = await check(args, config);
    assert.deepEqual(reasons, []);
    return inputs.endpoint;
  };

  it("fills the project ID and the endpoint from the stack configuration", async () => {
    const endpoint = "https://dcs.cn-north-4.myhuaweicloud.com";
    const inputs = { instanceId: INSTANCE, projectId: PROJECT, endpoint };
    assert.deepEqual(await check({}), { inputs, reasons: [] });
  });

  it("hands on neither the region nor whether this is a preview", async () => {
    const { inputs } = await check({ region: "eu-de", __preview: true, __provider: "text" });
    assert.deepEqual(Object.keys(inputs).sort(), ["endpoint", "instanceId", "projectId"]);
  });

  it("prefers an endpoint to a region, and what the program passes to what is configured", async () => {
    const config = { "huaweicloud-sessions:dcsEndpoint": "https://config" };
    assert.equal(await endpointOf({}, config), "https://config");
    assert.equal(await endpointOf({ region: "eu-nl" }, config), "https://dcs.eu-nl.otc.t-systems.com");
    assert.equal(await endpointOf({ region: "eu-nl", endpoint: "https://dcs/" }, config), "https://dcs");
  });

  it("takes a region of any cloud beside an endpoint", async () => {
    const args = { region: "eu-ch2", endpoint: "https://dcs.example" };
    assert.equal(await endpointOf(args), "https://dcs.example");
  });

  it("refuses a misspelled argument, and suggests the right one", async () => {
    const { reasons } = await check({ passwort: "s3cr3t" });
    assert.deepEqual(reasons, ["WebCliSession has no argument `passwort`; did you mean `password`?"]);
  });

  const wrong: [string, Config, RegExp][] = [
    [
      "no credentials",
      { "huaweicloud-sessions:accessKey": undefined, "huaweicloud-sessions:secretKey": undefined },
      /^`huaweicloud-sessions:accessKey` is required.* HW_ACCESS_KEY and HW_SECRET_KEY/,
    ],
    [
      "neither a region nor an endpoint",
      { "huaweicloud-sessions:region": undefined },
      /^`region` is required unless you pass `endpoint`.*HW_REGION_NAME, or `huaweicloud-sessions:dcsEndpoint`/,
    ],
    [
      "a region that is not one",
      { "huaweicloud-sessions:region": "EU DE" },
      /^`huaweicloud-sessions:region` must be the code of a region, such as eu-de/,
    ],
    [
      "a region of a cloud that nobody here knows",
      { "huaweicloud-sessions:region": "eu-ch2" },
      /^`huaweicloud-sessions:region` must be a region that this package knows.*set `huaweicloud-sessions:dcsEndpoint` and `huaweicloud-sessions:iamEndpoint`/,
    ],
    [
      "a project ID that is not one",
      { "huaweicloud-sessions:projectId": "../x" },
      /^`huaweicloud-sessions:projectId` must be the ID/,
    ],
    [
      "an endpoint in plain http",
      { "huaweicloud-sessions:dcsEndpoint": "http://dcs.example" },
      /^`huaweicloud-sessions:dcsEndpoint` must use https/,
    ],
  ];
  for (const [what, config, reason] of wrong) {
    it(`refuses a configuration with ${what}, and names the setting`, async () => {
      const { reasons } = await check({}, config);
      assert.equal(reasons.length, 1, reasons.join("\n"));
      assert.match(reasons.join(), reason);
    });
  }

  it("names all settings that are missing at once", async () => {
    const nothing = Object.fromEntries(Object.keys(CONFIG).map((name) => [name, undefined]));
    const { reasons } = await check({ instanceId: "../x" }, nothing);
    const names = reasons.map((reason) => reason.split(" ")[0]);
    assert.deepEqual(names, ["`instanceId`", "`region`", "`huaweicloud-sessions:accessKey`"]);
  });
});
