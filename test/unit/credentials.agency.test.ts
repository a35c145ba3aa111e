import assert from "node:assert/strict";
import type { Runtime } from "../../provider/lifecycle/runtime";
import {
  configuredKeys,
  credentialsOf,
  keysOf,
  live,
  settingsOf,
  useFiles,
  webCliAt,
} from "../support/credentials";
import { calls, refusals, requestsOn, useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { type Config, quickRuntime, webCliInputs } from "../support/lifecycles";
import { rejection } from "../support/rejection";

const ROLE = { agencyName: "operators", domainName: "target" };
const configured = (role: unknown): Config => ({ "huaweicloud-sessions:assumeRole": JSON.stringify(role) });

describe("An agency", () => {
  const emulator = useEmulator();
  const write = useFiles();
  useEnvironment(() => keysOf(emulator()));
  const only = (variables: Record<string, string>) => {
    process.env = { HOME: "/nonexistent", ...variables };
  };

  const liveWith = (config = configured(ROLE), runtime?: Runtime) =>
    live(emulator(), webCliAt(emulator(), config, runtime));
  const problemOf = async (config = configured(ROLE)) => {
    const check = webCliAt(emulator(), config).check({}, { instanceId: emulator().instanceId });
    return (await rejection(check)).message;
  };
  /** What IAM was asked for. */
  const roles = () =>
    requestsOn(emulator(), "iam.securityTokens").map(({ body }) => JSON.parse(body).auth.identity);
  const asked = (role: object = {}) => ({
    methods: ["assume_role"],
    assume_role: { agency_name: "operators", domain_name: "target", duration_seconds: 43_200, ...role },
  });

  it("of the stack's configuration is assumed once in a process, with the keys of the environment", async () => {
    await liveWith();
    assert.deepEqual(roles(), [asked()]);
    const { accessKey } = emulator();
    const signed = emulator()
      .requests()
      .filter(({ headers }) => String(headers.authorization).includes(accessKey));
    assert.deepEqual(
      signed.map(({ on }) => on),
      ["iam.securityTokens"],
    );
  });

  it("of the environment is assumed with the keys of the stack's configuration", async () => {
    only({
      HW_ASSUME_ROLE_AGENCY_NAME: "operators",
      HW_ASSUME_ROLE_DOMAIN_NAME: "target",
      HW_ASSUME_ROLE_DURATION: "3600",
    });
    await liveWith(configuredKeys(emulator()));
    assert.deepEqual(roles(), [asked({ duration_seconds: 3600 })]);
  });

  it("of the stack's configuration beats that of the environment, and is assumed for the time that is set", async () => {
    process.env.HW_ASSUME_ROLE_AGENCY_NAME = "another";
    process.env.HW_ASSUME_ROLE_DOMAIN_NAME = "another";
    await liveWith(configured({ ...ROLE, duration: 900 }));
    assert.deepEqual(roles(), [asked({ duration_seconds: 900 })]);
  });

  it("is asked for by the ID of its account rather than by the name", async () => {
    process.env.HW_ASSUME_ROLE_AGENCY_NAME = "operators";
    process.env.HW_ASSUME_ROLE_DOMAIN_NAME = "target";
    process.env.HW_ASSUME_ROLE_DOMAIN_ID = "d1";
    assert.match(
      await problemOf({}),
      /^.* gave no credentials: POST \/v3\.0\/OS-CREDENTIAL\/securitytokens answered 404/,
    );
    const role = { agency_name: "operators", domain_id: "d1", duration_seconds: 43_200 };
    assert.deepEqual(roles(), [{ methods: ["assume_role"], assume_role: role }]);
  });

  it("is assumed with a token", async () => {
    const { authToken } = emulator();
    only({ HW_AUTH_TOKEN: authToken });
    await liveWith();
    assert.equal(requestsOn(emulator(), "iam.securityTokens")[0]?.headers["x-auth-token"], authToken);
  });

  it("is assumed with the keys of a cloud server", async () => {
    only({});
    await liveWith(configured(ROLE), quickRuntime({ metadataEndpoint: emulator().metadataEndpoint }));
    assert.equal(roles().length, 1);
  });

  it("is assumed with the next keys where IAM refuses the first", async () => {
    const old = configuredKeys(emulator());
    Object.assign(process.env, keysOf(emulator().rotateKeys()));
    await liveWith({ ...configured(ROLE), ...old });
    assert.equal(refusals(emulator()), 1);
  });

  it("of a profile of the vendor's command line is assumed with that profile's keys", async () => {
    const { accessKey: accessKeyId, secretKey: secretAccessKey } = emulator();
    const agency = { agencyName: "operators", agencyDomainName: "target" };
    const profiles = [{ name: "p", accessKeyId, secretAccessKey, ...agency }];
    only({ HW_SHARED_CONFIG_FILE: write("config.json", JSON.stringify({ current: "p", profiles })) });
    await liveWith({});
    assert.deepEqual(roles(), [asked()]);
  });

  it("is told to be refused, without going on to other credentials", async () => {
    emulator().fault({ on: "iam.securityTokens", do: { status: 403 } });
    const message = await problemOf();
    assert.match(
      message,
      /^Could not check the WebCliSession: the agency that huaweicloud-sessions:assumeRole\.agencyName names gave no credentials: POST \/v3\.0\/OS-CREDENTIAL\/securitytokens answered 403 /,
    );
    assert.match(message, /Check that the agency trusts this account/);
    assert.deepEqual(calls(emulator()), ["iam.securityTokens"]);
  });

  it("is told to be out of reach where IAM refuses all keys", async () => {
    process.env.HW_SECRET_KEY = "wrong";
    assert.match(
      await problemOf(),
      /gave no credentials: .* answered 401 APIGW\.0301 .*Check the credentials/,
    );
  });

  it("does not make a login look lost where IAM is busy", async () => {
    emulator().fault({ on: "iam.securityTokens", times: 2, do: { status: 503 } });
    await webCliAt(emulator(), configured(ROLE)).create(webCliInputs(emulator()));
    assert.equal(emulator().sessions().webCli.opened, 1);
  });
});

describe("An agency that is set wrongly", () => {
  const wrong: [string, Record<string, string>, Config, string][] = [
    [
      "its account is missing",
      { HW_ASSUME_ROLE_AGENCY_NAME: "a" },
      {},
      "`HW_ASSUME_ROLE_DOMAIN_NAME` or `HW_ASSUME_ROLE_DOMAIN_ID` is required when `HW_ASSUME_ROLE_AGENCY_NAME` is set",
    ],
    [
      "its name is missing",
      { HW_ASSUME_ROLE_DOMAIN_NAME: "d" },
      {},
      "`HW_ASSUME_ROLE_AGENCY_NAME` is required when `HW_ASSUME_ROLE_DOMAIN_NAME` is set",
    ],
    [
      "its name is misspelled",
      {},
      configured({ agency: "a" }),
      "`huaweicloud-sessions:assumeRole.agencyName` is required when `huaweicloud-sessions:assumeRole` is set",
    ],
    [
      "its time is too short",
      {},
      configured({ ...ROLE, duration: 60 }),
      "`huaweicloud-sessions:assumeRole.duration` must be a whole number of seconds from 900 to 86400",
    ],
    ["it is no object", {}, configured("a"), "`huaweicloud-sessions:assumeRole` must be an object"],
  ];
  for (const [what, environment, config, problem] of wrong) {
    it(`is an error where ${what}`, async () => {
      const settings = settingsOf({ HW_ACCESS_KEY: "a", HW_SECRET_KEY: "s", ...environment }, config);
      assert.equal((await rejection(credentialsOf(settings))).message, problem);
    });
  }
});
