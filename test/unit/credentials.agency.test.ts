import assert from "node:assert/strict";
import type { Runtime } from "../../provider/lifecycle/runtime";
import {
  cliProfileOf,
  configuredAgency,
  configuredKeys,
  inputsOf,
  keysOf,
  live,
  open,
  useFiles,
  webCliAt,
} from "../support/credentials";
import { calls, refusals, requestsOn, useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { type Config, quickRuntime } from "../support/lifecycles";
import { rejection } from "../support/rejection";

const ROLE = { agencyName: "operators", domainName: "target" };

describe("An agency", () => {
  const emulator = useEmulator();
  const write = useFiles();
  useEnvironment(() => keysOf(emulator()));
  const only = (variables: Record<string, string>) => {
    process.env = { HOME: "/nonexistent", ...variables };
  };

  const profileWith = (agencyName: string) =>
    write("config.json", cliProfileOf(emulator(), { agencyName, agencyDomainName: "target" }));

  const liveWith = (config = configuredAgency(), runtime?: Runtime) =>
    live(emulator(), webCliAt(emulator(), config, runtime));
  const problemOf = async (config: Config) => {
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

  const BRIDGE = "huaweicloud:assumeRole";
  const spellings: [string, (role: object) => unknown][] = [
    ["an object", (role) => role],
    ["a list of one", (role) => [role]],
  ];
  for (const [how, spell] of spellings) {
    it(`of the bridged provider's configuration is assumed, as ${how}`, async () => {
      await liveWith({ [BRIDGE]: JSON.stringify(spell(ROLE)) });
      assert.deepEqual(roles(), [asked()]);
    });
  }

  it("of our own configuration beats that of the bridged provider's, which beats the environment's", async () => {
    process.env.HW_ASSUME_ROLE_AGENCY_NAME = "environment";
    process.env.HW_ASSUME_ROLE_DOMAIN_NAME = "target";
    const bridge = { [BRIDGE]: JSON.stringify({ ...ROLE, agencyName: "bridge" }) };
    await liveWith({ ...configuredAgency({ ...ROLE, duration: 900 }), ...bridge });
    await open(emulator(), webCliAt(emulator(), bridge));
    assert.deepEqual(roles(), [asked({ duration_seconds: 900 }), asked({ agency_name: "bridge" })]);
  });

  it("is not asked of a public IAM where the DCS endpoint is not the vendor's", async () => {
    const place = { "huaweicloud-sessions:iamEndpoint": undefined };
    assert.match(
      await problemOf({ ...configuredAgency(), ...place }),
      /IAM could not be asked, because the DCS/,
    );
    assert.deepEqual(calls(emulator()), []);
  });

  it("is assumed anew at another IAM, and its keys go to no DCS of another", async () => {
    const runtime = quickRuntime();
    await open(emulator(), webCliAt(emulator(), configuredAgency(), runtime));
    const other = await emulator.start({});
    Object.assign(process.env, keysOf(other));
    await open(other, webCliAt(other, configuredAgency(), runtime));
    assert.deepEqual([roles().length, refusals(other)], [1, 0]);
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
    await liveWith(configuredAgency(), quickRuntime({ metadataEndpoint: emulator().metadataEndpoint }));
    assert.equal(roles().length, 1);
  });

  it("is assumed with the next keys where IAM refuses the first", async () => {
    const old = configuredKeys(emulator());
    Object.assign(process.env, keysOf(emulator().rotateKeys()));
    await liveWith({ ...configuredAgency(), ...old });
    assert.equal(refusals(emulator()), 1);
  });

  it("of a profile of the vendor's command line is assumed with that profile's keys", async () => {
    only({ HW_SHARED_CONFIG_FILE: profileWith("operators") });
    await liveWith({});
    assert.deepEqual(roles(), [asked()]);
  });

  it("of a profile is assumed with its own keys, and then the one that is set, with the first one's", async () => {
    only({ HW_SHARED_CONFIG_FILE: profileWith("first") });
    await liveWith();
    assert.deepEqual(roles(), [asked({ agency_name: "first" }), asked()]);
  });

  it("of a profile, as the next source, is kept from an endpoint that only the program gives", async () => {
    only({ HW_ACCESS_KEY: "AK", HW_SECRET_KEY: "SK", HW_SHARED_CONFIG_FILE: profileWith("operators") });
    const lifecycle = webCliAt(emulator(), { "huaweicloud-sessions:dcsEndpoint": "https://dcs.example" });
    const { dcsEndpoint: endpoint, instanceId, projectId } = emulator();
    const args = { instanceId, endpoint, projectId };
    await rejection(lifecycle.create(await inputsOf(lifecycle, args)));
    const tokens = requestsOn(emulator(), "webcli.auth").map(({ headers }) => headers["x-security-token"]);
    assert.deepEqual(tokens, [undefined]);
  });
});
