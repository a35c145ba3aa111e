import assert from "node:assert/strict";
import type { FaultAction } from "../../emulator";
import { HttpClient } from "../../provider/api/http/http";
import { MetadataService } from "../../provider/api/iam/metadata";
import {
  credentialsOf,
  firstCredentials,
  keysOf,
  live,
  open,
  placeOf,
  settingsOf,
  webCliAt,
} from "../support/credentials";
import { calls, requestsOn, useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { quickRuntime } from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers, listenRaw, serve, serveProxy } from "../support/server";

describe("The metadata service", () => {
  const emulator = useEmulator();
  useEnvironment();
  afterEach(closeServers);

  const runtimeOf = ({ metadataEndpoint } = emulator()) => quickRuntime({ metadataEndpoint });
  const settings = (runtime = runtimeOf(), environment = {}) =>
    settingsOf(environment, placeOf(emulator()), runtime);
  /** Why there are no credentials. */
  const problemOf = async (runtime = runtimeOf(), environment = {}) => {
    const searched = settings(runtime, environment);
    assert.deepEqual(await credentialsOf(searched), []);
    return /the metadata service \((.*)\)$/.exec(searched.missingCredentials().problem)?.[1];
  };

  it("gives all that a session needs, beside a region", () =>
    live(emulator(), webCliAt(emulator(), {}, runtimeOf())));

  for (const metadataTokens of ["required", "none"] as const) {
    it(`is asked where its tokens are ${metadataTokens}`, async () => {
      await emulator.start({ metadataTokens });
      assert.match(JSON.stringify(await credentialsOf(settings())), /"securityToken"/);
    });
  }

  for (const status of [404, 405, 503]) {
    it(`is asked without a token where it answers ${status} to the request for one`, async () => {
      emulator().fault({ on: "metadata.token", do: { status } });
      assert.equal((await firstCredentials(settings()))?.source, "metadata service");
      assert.equal(requestsOn(emulator(), "metadata.securityKey")[0]?.headers["x-metadata-token"], undefined);
    });
  }

  it("is not asked while other credentials are accepted", async () => {
    Object.assign(process.env, keysOf(emulator()));
    await live(emulator(), webCliAt(emulator(), {}, runtimeOf()));
    assert.ok(!calls(emulator()).join().includes("metadata"));
  });

  it("is asked for a new token, once, when the old one is stale", async () => {
    const { metadataEndpoint } = await emulator.start({ metadataTokens: "required" });
    const service = new MetadataService(metadataEndpoint, new HttpClient());
    await service.fetchCredentials();
    emulator().expireTemporaryKeys();
    const { credentials } = await service.fetchCredentials();
    assert.ok(credentials.securityToken);
    emulator().fault({ on: "metadata.securityKey", times: 5, do: { status: 401 } });
    assert.match((await rejection(service.fetchCredentials())).message, /answered 401/);
    const [token, key] = ["metadata.token", "metadata.securityKey"];
    assert.deepEqual(calls(emulator()), [token, key, key, token, key, key, token, key]);
  });

  it("is told to have no agency, which is found out once", async () => {
    const runtime = runtimeOf(await emulator.start({ agency: false }));
    const problem = "this server has no agency; assign one to it in the ECS console";
    assert.deepEqual([await problemOf(runtime), await problemOf(runtime)], [problem, problem]);
    assert.equal(requestsOn(emulator(), "metadata.securityKey").length, 1);
    const lifecycle = webCliAt(emulator(), {}, runtime);
    const { failures = [] } = await lifecycle.check({}, { instanceId: emulator().instanceId });
    assert.equal(failures.length, 1);
    assert.match(failures[0]?.reason ?? "", /the metadata service \(this server has no agency; assign one/);
  });

  it("is told in the error of a logout that finds no credentials", async () => {
    Object.assign(process.env, keysOf(emulator()));
    const outs = await open(emulator(), webCliAt(emulator()));
    process.env = { HOME: "/nonexistent", HUAWEICLOUD_SDK_METADATA_DISABLED: "true" };
    const { message } = await rejection(webCliAt(emulator(), {}, runtimeOf()).delete("", outs));
    assert.match(
      message,
      /no credentials were found\..*\(disabled by HUAWEICLOUD_SDK_METADATA_DISABLED\)\. On destroy/,
    );
  });

  it("is not asked where HUAWEICLOUD_SDK_METADATA_DISABLED is true", async () => {
    const environment = { HUAWEICLOUD_SDK_METADATA_DISABLED: "True" };
    assert.equal(await problemOf(runtimeOf(), environment), "disabled by HUAWEICLOUD_SDK_METADATA_DISABLED");
    assert.equal(emulator().requests().length, 0);
  });

  it("is not asked unless the code says where it is", async () => {
    assert.equal(await problemOf(quickRuntime()), "not asked");
  });

  it("is not there where nothing listens, which is found out once", async () => {
    const { url, requests } = await serve((request) => {
      request.socket.destroy();
    });
    const runtime = quickRuntime({ metadataEndpoint: url });
    assert.deepEqual([await problemOf(runtime), await problemOf(runtime)], ["no answer", "no answer"]);
    assert.deepEqual(requests(), ["PUT /meta-data/latest/api/token"]);
  });

  it("is not there where its answer never ends, or never begins", async () => {
    const endless = await serve((_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write("x"), 5);
      response.on("close", () => clearInterval(drip));
    });
    for (const { url } of [endless, await listenRaw(() => {})]) {
      const { message } = await rejection(new MetadataService(url, new HttpClient(), 50).fetchCredentials());
      assert.equal(message, "no answer");
    }
  });

  it("is never reached through a proxy", async () => {
    const tunnel = await serveProxy();
    const plain = await serve((_, response) => response.writeHead(500).end());
    Object.assign(process.env, { HTTP_PROXY: plain.url, HTTPS_PROXY: tunnel.url, ALL_PROXY: plain.url });
    for (const [name, value] of Object.entries(process.env)) process.env[name.toLowerCase()] = value;
    assert.equal((await credentialsOf(settings())).length, 1);
    assert.deepEqual([...plain.requests(), ...tunnel.tunnels()], []);
  });

  it("is told to have answered with a redirect, which is not followed", async () => {
    const headers = { Location: "http://127.0.0.1:1/" };
    emulator().fault({ on: "metadata.token", do: { status: 307, headers } });
    assert.equal(await problemOf(), "PUT /meta-data/latest/api/token answered 307");
    emulator().fault({ on: "metadata.securityKey", do: { status: 302, headers } });
    assert.equal(await problemOf(), "GET /openstack/latest/securitykey answered 302");
  });

  const odd: [string, FaultAction][] = [
    ["HTML", { body: "<p>s3cr3t</p>" }],
    ["no end", { body: { credential: { access: "s3cr3t", secret: "s3cr3t", securitytoken: "s3cr3t" } } }],
    ["nothing", { status: 200 }],
  ];
  for (const [what, action] of odd) {
    it(`gives nothing where it answers ${what} in place of credentials`, async () => {
      emulator().fault({ on: "metadata.securityKey", do: action });
      const problem = "GET /openstack/latest/securitykey answered 200 without temporary credentials";
      assert.equal(await problemOf(), problem);
    });
  }

  it("gives nothing where its token could not be sent back", async () => {
    emulator().fault({ on: "metadata.token", do: { body: "two\nlines" } });
    assert.equal(await problemOf(), "PUT /meta-data/latest/api/token answered 200");
    assert.deepEqual(calls(emulator()), ["metadata.token"]);
  });

  for (const status of [429, 500]) {
    it(`is asked again after it answered ${status}`, async () => {
      const runtime = runtimeOf();
      emulator().fault({ on: "metadata.securityKey", do: { status } });
      assert.match(String(await problemOf(runtime)), new RegExp(`answered ${status}`));
      assert.equal((await credentialsOf(settings(runtime))).length > 0, true);
    });
  }
});
