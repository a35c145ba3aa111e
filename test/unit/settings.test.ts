import assert from "node:assert/strict";
import { endpointOf, regionOf } from "../../provider/config/endpoints";
import { credentialsOf, keysOf, settingsOf, useFiles, webCliAt } from "../support/credentials";
import { useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { webCliInputs } from "../support/lifecycles";

const OURS = { "huaweicloud-sessions:accessKey": "ours", "huaweicloud-sessions:secretKey": "s" };
const BRIDGE = { "huaweicloud:accessKey": "bridge", "huaweicloud:secretKey": "s" };

describe("Credentials", () => {
  const write = useFiles();

  it("come from our configuration, the bridged provider's, the environment by family, and the profile file", async () => {
    const environment = {
      ...{ HUAWEICLOUD_SDK_CREDENTIALS_FILE: write("credentials", "[basic]\nak = profile\nsk = s\n") },
      ...{ OS_ACCESS_KEY: "os", OS_SECRET_KEY: "s", HW_ACCESS_KEY: "hw", HW_SECRET_KEY: "s" },
      ...{ HUAWEICLOUD_SDK_AK: "sdk", HUAWEICLOUD_SDK_SK: "s", CLOUD_SDK_AK: "cloud", CLOUD_SDK_SK: "s" },
    };
    const found = await credentialsOf(settingsOf(environment, { ...OURS, ...BRIDGE }));
    const order = ["ours", "bridge", "cloud", "sdk", "hw", "os", "profile"];
    assert.deepEqual(
      found,
      order.map((accessKey) => ({ accessKey, secretKey: "s" })),
    );
  });

  const HW = { HW_ACCESS_KEY: "hw", HW_SECRET_KEY: "s" };
  const keys = { accessKey: "hw", secretKey: "s" };
  const familiar: [string, Record<string, string>, object[]][] = [
    ["are never mixed from two families", { CLOUD_SDK_AK: "cloud", HW_SECRET_KEY: "hw" }, []],
    ["are a family's token before its AK/SK", { ...HW, HW_AUTH_TOKEN: "t" }, [{ authToken: "t" }, keys]],
    [
      "carry the security token of their own family",
      { ...HW, OS_SECURITY_TOKEN: "os", HW_SECURITY_TOKEN: "t" },
      [{ ...keys, securityToken: "t" }],
    ],
    [
      "are trimmed, and blank ones are none",
      { HW_ACCESS_KEY: " hw\n", HW_SECRET_KEY: "\ts ", HW_AUTH_TOKEN: " ", OS_ACCESS_KEY: "" },
      [keys],
    ],
    ["are OpenStack's own token", { OS_TOKEN: "t" }, [{ authToken: "t" }]],
    ["are Open Telekom Cloud's before it", { OS_TOKEN: "t", OS_AUTH_TOKEN: "u" }, [{ authToken: "u" }]],
  ];
  for (const [rule, environment, expected] of familiar) {
    it(rule, async () => assert.deepEqual(await credentialsOf(settingsOf(environment)), expected));
  }

  it("are read from the bridged provider's token", async () => {
    const found = await credentialsOf(settingsOf({}, { "huaweicloud:token": "t" }));
    assert.deepEqual(found, [{ authToken: "t" }]);
  });
});

describe("Missing credentials", () => {
  const write = useFiles();

  it("are told with every place that was searched, in order", () => {
    const { name, problem } = settingsOf({}).missingCredentials();
    assert.equal(name, "huaweicloud-sessions:accessKey");
    assert.equal(
      problem.split("No credentials were found in ")[1],
      "the stack configuration (huaweicloud-sessions:accessKey, huaweicloud:accessKey), " +
        "the environment (CLOUD_SDK_AK, HUAWEICLOUD_SDK_AK, HW_ACCESS_KEY, OS_ACCESS_KEY), " +
        "an ID token (HUAWEICLOUD_SDK_ID_TOKEN_FILE), the profile file (~/.huaweicloud/credentials), " +
        "the metadata service (not asked)",
    );
  });

  const halves: [Record<string, string>, string, string][] = [
    [{ HW_ACCESS_KEY: "s3cr3t" }, "HW_SECRET_KEY", "is required when `HW_ACCESS_KEY` is set"],
    [{ OS_SECRET_KEY: "s3cr3t" }, "OS_ACCESS_KEY", "is required when `OS_SECRET_KEY` is set"],
    [
      { HUAWEICLOUD_SDK_IDP_ID: "s3cr3t" },
      "HUAWEICLOUD_SDK_ID_TOKEN_FILE",
      "is required when `HUAWEICLOUD_SDK_IDP_ID` is set",
    ],
  ];
  for (const [environment, name, problem] of halves) {
    it(`name ${name} where only its other half is set`, () => {
      assert.deepEqual(settingsOf(environment).missingCredentials(), { name, problem });
    });
  }

  it("name the half that is missing in the profile file", () => {
    const environment = { HUAWEICLOUD_SDK_CREDENTIALS_FILE: write("credentials", "[basic]\nak = s3cr3t\n") };
    const problem = "is required when `ak` is set in the profile file";
    assert.deepEqual(settingsOf(environment).missingCredentials(), { name: "sk", problem });
  });
});

describe("Half a pair in the stack configuration", () => {
  const emulator = useEmulator();
  useEnvironment(() => keysOf(emulator()));

  for (const [present, missing] of [
    ["accessKey", "secretKey"],
    ["secretKey", "accessKey"],
  ]) {
    for (const family of ["huaweicloud-sessions", "huaweicloud"]) {
      it(`is refused by name where ${family}:${missing} is missing, whatever the environment holds`, async () => {
        const lifecycle = webCliAt(emulator(), { [`${family}:${present}`]: "s3cr3t" });
        const { failures } = await lifecycle.check({}, webCliInputs(emulator()));
        const reason = `\`${family}:${missing}\` is required when \`${family}:${present}\` is set.`;
        assert.deepEqual(failures, [{ property: "", reason }]);
      });
    }
  }
});

describe("Region, project ID, and endpoint", () => {
  it("come from our configuration, the bridged provider's, and the environment", () => {
    const environment = { HW_REGION_NAME: "eu-nl", HW_PROJECT_ID: "environment" };
    const bridge = { "huaweicloud:region": "eu-de", "huaweicloud:projectId": "bridge" };
    const ours = { "huaweicloud-sessions:region": "cn-north-4", "huaweicloud-sessions:projectId": "ours" };
    const found = [{ ...ours, ...bridge }, bridge, {}].map((config) => {
      const settings = settingsOf(environment, config);
      return [settings.first("region")?.value, settings.first("projectId")?.value];
    });
    assert.deepEqual(found, [
      ["cn-north-4", "ours"],
      ["eu-de", "bridge"],
      ["eu-nl", "environment"],
    ]);
  });

  const regions: [string, string][] = [
    ["cn-north-4", "https://SERVICE.cn-north-4.myhuaweicloud.com"],
    ["eu-west-101", "https://SERVICE.eu-west-101.myhuaweicloud.eu"],
    ["eu-de", "https://SERVICE.eu-de.otc.t-systems.com"],
  ];
  for (const [region, endpoint] of regions) {
    it(`make the endpoints of DCS and IAM from ${region}, and find it in that of DCS`, () => {
      const dcs = endpointOf("dcs", region);
      assert.equal(dcs, endpoint.replace("SERVICE", "dcs"));
      assert.equal(endpointOf("iam", region), endpoint.replace("SERVICE", "iam"));
      assert.equal(regionOf(String(dcs)), region);
    });
  }

  it("find no region in an endpoint that is not the region's", () => {
    for (const url of [
      "https://dcs.eu-de.example",
      "https://dcs.eu-de.myhuaweicloud.com",
      "http://127.0.0.1",
    ]) {
      assert.equal(regionOf(url), undefined);
    }
  });

  it("come from the object of endpoints that the bridged provider keeps, which may lack a scheme", () => {
    const endpoints = (object: object) =>
      settingsOf({}, { "huaweicloud:endpoints": JSON.stringify(object) }).dcsEndpoint();
    const name = "huaweicloud:endpoints.dcs";
    assert.deepEqual(endpoints({ dcs: "https://dcs.one", ecs: "https://ecs" }), {
      name,
      value: "https://dcs.one",
    });
    assert.deepEqual(endpoints({ dcs: "dcs.one" }), { name, value: "https://dcs.one" });
    assert.equal(endpoints({ ecs: "https://ecs" }), undefined);
  });

  it("refuse endpoints that are no object, without their text", () => {
    for (const text of ["s3cr3t", "null", '{"dcs":{"s3cr3t":1}}']) {
      const settings = settingsOf({}, { "huaweicloud:endpoints": text });
      assert.throws(() => settings.dcsEndpoint(), /^RequestError: `huaweicloud:endpoints` must be an object/);
    }
  });
});
