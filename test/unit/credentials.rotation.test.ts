import assert from "node:assert/strict";
import {
  cliProfileOf,
  configuredKeys,
  keysOf,
  live,
  settingsOf,
  useFiles,
  webCliAt,
} from "../support/credentials";
import { requestsOn, useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { BRIEF, type Config, quickRuntime, webCliInputs, webCliLifecycle } from "../support/lifecycles";
import { rejection } from "../support/rejection";

describe("Credentials that are rotated between up and destroy", () => {
  const emulator = useEmulator();
  const write = useFiles();
  useEnvironment();

  /** Where credentials are found, as they are at the moment. */
  const sources: [string, () => Record<string, string>][] = [
    ["the environment", () => keysOf(emulator())],
    [
      "the profile file",
      () => {
        const { accessKey, secretKey } = emulator();
        const text = `[basic]\nak = ${accessKey}\nsk = ${secretKey}\n`;
        return { HUAWEICLOUD_SDK_CREDENTIALS_FILE: write("credentials", text) };
      },
    ],
    [
      "an ID token",
      () => {
        const { idpId, idToken } = emulator();
        return { HUAWEICLOUD_SDK_IDP_ID: idpId, HUAWEICLOUD_SDK_ID_TOKEN_FILE: write("token", idToken) };
      },
    ],
    ["the CLI profile", () => ({ HW_SHARED_CONFIG_FILE: write("config.json", cliProfileOf(emulator())) })],
    [
      "an agency",
      () => ({
        ...keysOf(emulator()),
        HW_ASSUME_ROLE_AGENCY_NAME: "operators",
        HW_ASSUME_ROLE_DOMAIN_NAME: "target",
      }),
    ],
    ["the metadata service", () => ({})],
  ];

  const newProcess = (environment: Record<string, string>, config?: Config) => {
    process.env = { HOME: "/nonexistent", ...environment };
    return webCliAt(emulator(), config, quickRuntime({ metadataEndpoint: emulator().metadataEndpoint }));
  };
  /** Ups in one process, and destroys in another, whose configuration is still that of the up. */
  const liveIn = async (source: () => Record<string, string>, config?: Config) => {
    const { outs } = await newProcess(config ? {} : source(), config).create(webCliInputs(emulator()));
    emulator().rotateKeys();
    emulator().expireTemporaryKeys();
    await newProcess(source(), config).delete("", outs);
    assert.deepEqual(emulator().sessions().webCli.open, []);
    assert.equal(requestsOn(emulator(), "iam.projects").length, 0);
  };

  for (const [name, source] of sources) {
    it(`come from ${name} where it held the old ones`, () => liveIn(source));

    it(`come from ${name} where the stack's configuration has the old ones`, () =>
      liveIn(source, configuredKeys(emulator())));

    it(`come from ${name} where the bridged provider's configuration has the old ones`, () => {
      const { accessKey, secretKey } = emulator();
      return liveIn(source, { "huaweicloud:accessKey": accessKey, "huaweicloud:secretKey": secretKey });
    });
  }

  it("come from the metadata service at an endpoint that the program gave, too", async () => {
    const { metadataEndpoint } = emulator();
    const lifecycle = webCliLifecycle({}, undefined, quickRuntime({ metadataEndpoint }));
    const { outs } = await lifecycle.create(webCliInputs(emulator()));
    emulator().expireTemporaryKeys();
    await lifecycle.delete("", outs);
    assert.deepEqual(emulator().sessions().webCli.open, []);
  });
});

describe("Keys that are refused", () => {
  const emulator = useEmulator();
  const write = useFiles();
  useEnvironment();

  /** Fails to log out with the old keys in the configuration, and something else around it. */
  const failure = async (around: () => Record<string, string>) => {
    const lifecycle = webCliAt(emulator(), configuredKeys(emulator()));
    const { outs } = await lifecycle.create(webCliInputs(emulator()));
    emulator().rotateKeys();
    Object.assign(process.env, around());
    return (await rejection(lifecycle.delete("", outs, BRIEF))).message;
  };

  it("are told where the next source fails and may work again", async () => {
    emulator().fault({ on: "iam.idToken", times: 10_000, do: { status: 503 } });
    const { idpId, idToken } = emulator();
    const file = write("token", idToken);
    assert.match(
      await failure(() => ({ HUAWEICLOUD_SDK_IDP_ID: idpId, HUAWEICLOUD_SDK_ID_TOKEN_FILE: file })),
      /answered 503.*, after a 401 for the credentials from stack configuration huaweicloud-sessions:accessKey\. /,
    );
  });

  it("are told where the next ones meet another refusal", async () => {
    emulator().fault({ on: "webcli.logout", do: { status: 401 } });
    emulator().fault({ on: "webcli.logout", do: { status: 403 } });
    assert.match(
      await failure(() => keysOf(emulator())),
      /answered 403 .*, after a 401 for the credentials from stack configuration huaweicloud-sessions:accessKey\. /,
    );
  });
});

describe("The bridged provider's configuration", () => {
  const emulator = useEmulator();
  useEnvironment();

  it("is all that a session needs, and is asked for nothing that the provider does not know", async () => {
    const { region, accessKey, secretKey, dcsEndpoint: dcs, iamEndpoint: iam } = emulator();
    const config: Config = {
      "huaweicloud:region": region,
      "huaweicloud:accessKey": accessKey,
      "huaweicloud:secretKey": secretKey,
      "huaweicloud:endpoints": JSON.stringify({ dcs, iam }),
    };
    const asked = new Set<string>();
    const recording = new Proxy(config, {
      get: (target, key) => {
        asked.add(String(key));
        return target[String(key)];
      },
    });
    await live(emulator(), webCliLifecycle(recording));
    const known = (
      "accessKey assumeRole authUrl endpoints profile projectId projectName region secretKey securityToken " +
      "sharedConfigFile token"
    ).split(" ");
    const unknown = [...asked].filter(
      (key) => key.startsWith("huaweicloud:") && !known.includes(key.slice("huaweicloud:".length)),
    );
    assert.deepEqual(unknown, []);
  });

  it("is second to our own", () => {
    const config = {
      "huaweicloud:endpoints": '{"dcs":"https://bridge"}',
      "huaweicloud-sessions:dcsEndpoint": "https://ours",
    };
    assert.equal(settingsOf({}, config).dcsEndpoint()?.value, "https://ours");
  });
});
