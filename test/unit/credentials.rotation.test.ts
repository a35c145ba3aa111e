import assert from "node:assert/strict";
import type { Emulator } from "../../emulator";
import { inputsOf, keysOf, placeOf, settingsOf, useFiles, webCliWith } from "../support/credentials";
import { requestsOn, useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { type Config, quickRuntime, webCliInputs } from "../support/lifecycles";

type Environment = Record<string, string>;
type Keys = Pick<Emulator, "accessKey" | "secretKey">;

describe("Credentials that are rotated between up and destroy", () => {
  const emulator = useEmulator();
  const write = useFiles();
  useEnvironment();

  const profileOf = ({ accessKey, secretKey }: Keys) => ({
    HUAWEICLOUD_SDK_CREDENTIALS_FILE: write("credentials", `[basic]\nak = ${accessKey}\nsk = ${secretKey}\n`),
  });
  const idTokenOf = () => ({
    HUAWEICLOUD_SDK_IDP_ID: emulator().idpId,
    HUAWEICLOUD_SDK_ID_TOKEN_FILE: write("token", emulator().idToken),
  });

  interface Life {
    config?: Config;
    up?: Environment;
    rotate?: () => Keys | undefined;
    down: (rotated: Keys) => Environment;
    metadata?: boolean;
  }

  /** Ups in one process, and destroys in another, whose configuration is still that of the up. */
  const live = async ({ config, up, rotate, down, metadata }: Life) => {
    const { metadataEndpoint } = emulator();
    const newProcess = (environment: Environment) => {
      process.env = { HOME: "/nonexistent", ...environment };
      const runtime = quickRuntime(metadata ? { metadataEndpoint } : {});
      return webCliWith({ ...placeOf(emulator()), ...config }, runtime);
    };
    const { outs } = await newProcess(up ?? {}).create(webCliInputs(emulator()));
    assert.ok(outs);
    const rotated = rotate ? rotate() : emulator().rotateKeys();
    await newProcess(down(rotated ?? emulator())).delete("", outs);
    assert.deepEqual(emulator().sessions().webCli.open, []);
    assert.equal(requestsOn(emulator(), "iam.projects").length, 0);
  };
  const expire = () => {
    emulator().expireTemporaryKeys();
    return undefined;
  };

  const configurations: [string, string][] = [
    ["stack's", "huaweicloud-sessions"],
    ["bridged provider's", "huaweicloud"],
  ];
  const sources: [string, Pick<Life, "down" | "metadata">][] = [
    ["the environment", { down: keysOf }],
    ["the profile file", { down: profileOf }],
    ["an ID token", { down: idTokenOf }],
    ["the metadata service", { down: () => ({}), metadata: true }],
  ];
  for (const [source, life] of sources) {
    for (const [whose, namespace] of configurations) {
      it(`come from ${source} where the ${whose} configuration has the old ones`, async () => {
        const { accessKey, secretKey } = emulator();
        const config = { [`${namespace}:accessKey`]: accessKey, [`${namespace}:secretKey`]: secretKey };
        await live({ config, ...life });
      });
    }
  }

  it("come from the same variables of the environment", () => live({ up: keysOf(emulator()), down: keysOf }));

  it("come from the same profile file", () => live({ up: profileOf(emulator()), down: profileOf }));

  it("come from the same ID token, when the temporary ones of the up have ended", () =>
    live({ up: idTokenOf(), rotate: expire, down: idTokenOf }));

  it("come from the same metadata service, when those of the up have ended", () =>
    live({ rotate: expire, down: () => ({}), metadata: true }));
});

describe("The keys of a metadata service that change during a run", () => {
  const emulator = useEmulator();
  useEnvironment();

  it("are used at an endpoint that the program gave, too", async () => {
    const { metadataEndpoint } = emulator();
    const lifecycle = webCliWith({}, quickRuntime({ metadataEndpoint }));
    const { outs } = await lifecycle.create(webCliInputs(emulator()));
    assert.ok(outs);
    emulator().expireTemporaryKeys();
    await lifecycle.delete("", outs);
    assert.deepEqual(emulator().sessions().webCli.open, []);
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
    const lifecycle = webCliWith(recording);
    const { instanceId, redisPassword: password } = emulator();
    const { outs } = await lifecycle.create(await inputsOf(lifecycle, { instanceId, password }));
    assert.ok(outs);
    await lifecycle.delete("", outs);
    assert.deepEqual(emulator().sessions().webCli.open, []);
    const known = "region projectId accessKey secretKey securityToken token endpoints".split(" ");
    const unknown = [...asked].filter(
      (key) => key.startsWith("huaweicloud:") && !known.includes(key.slice("huaweicloud:".length)),
    );
    assert.deepEqual(unknown, []);
  });

  it("is second to our own", () => {
    const settings = settingsOf(
      {},
      {
        "huaweicloud:endpoints": '{"dcs":"https://bridge"}',
        "huaweicloud-sessions:dcsEndpoint": "https://ours",
      },
    );
    assert.equal(settings.dcsEndpoint()?.value, "https://ours");
  });
});
