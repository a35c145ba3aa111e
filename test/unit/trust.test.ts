import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { startEmulator } from "../../emulator";
import { send } from "../../provider/api/http";
import { useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { casInputs, casLifecycle, QUICK, webCliInputs, webCliLifecycle } from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers, serveProxy } from "../support/server";

describe("A server's certificate", () => {
  const emulator = useEmulator({ tls: true });
  const create = (trust: object) => casLifecycle().create(casInputs(emulator(), trust));
  const fingerprint = () => new X509Certificate(emulator().caCertificate ?? "").fingerprint256;

  it("is refused when nothing vouches for it, and nothing is sent", async () => {
    const { message } = await rejection(create({}));
    assert.match(
      message,
      /its certificate or TLS was not accepted .* caCertificate .* certificateFingerprint/,
    );
    assert.deepEqual(emulator().requests(), []);
  });

  it("is refused when it is not of the authority that was given, and says so", async () => {
    const { message } = await rejection(create({ caCertificate: await startOther() }));
    assert.match(message, /It is not of the authority given as caCertificate: give the server's own, or pin/);
  });

  it("of a DCS endpoint is Node's to trust", async () => {
    const endpoint = emulator().dcsEndpoint;
    const { message } = await rejection(
      webCliLifecycle(emulator()).create(webCliInputs(emulator(), { endpoint })),
    );
    assert.match(message, /was not accepted .* NODE_EXTRA_CA_CERTS/);
  });

  it("is taken when its authority is given", async () => {
    await create({ caCertificate: emulator().caCertificate });
    assert.equal(emulator().sessions().cas.open.length, 1);
  });

  it("is taken when its fingerprint is pinned, in either spelling", async () => {
    await create({ certificateFingerprint: fingerprint() });
    await create({ certificateFingerprint: fingerprint().replaceAll(":", "").toLowerCase() });
    assert.equal(emulator().sessions().cas.open.length, 2);
  });

  it("is refused when another is pinned, and nothing is sent", async () => {
    const { message } = await rejection(create({ certificateFingerprint: "00".repeat(32) }));
    assert.match(message, /has the SHA-256 fingerprint [0-9A-F:]{95}\. If that is the right server/);
    assert.deepEqual(emulator().requests(), []);
  });

  it("is refused when its fingerprint is right and its authority is another", async () => {
    const other = await startOther();
    const trust = { certificateFingerprint: fingerprint(), caCertificate: other };
    assert.match((await rejection(create(trust))).message, /its certificate or TLS was not accepted/);
    assert.deepEqual(emulator().requests(), []);
  });
});

async function startOther(): Promise<string | undefined> {
  const other = await startEmulator({ tls: true });
  await other.close();
  return other.caCertificate;
}

describe("A proxy of the environment", () => {
  const emulator = useEmulator({ tls: true });
  useEnvironment();
  afterEach(closeServers);
  const create = (trust: object) => casLifecycle().create(casInputs(emulator(), trust));
  const ca = () => ({ caCertificate: emulator().caCertificate });

  it("tunnels https, with the server's certificate still checked", async () => {
    const proxy = await serveProxy();
    process.env.HTTPS_PROXY = proxy.url;
    await create(ca());
    assert.ok(proxy.tunnels().length > 0);
    assert.match((await rejection(create({}))).message, /its certificate or TLS was not accepted/);
  });

  it("tunnels https to a pinned certificate, and to no other", async () => {
    const proxy = await serveProxy();
    process.env.HTTPS_PROXY = proxy.url;
    await create({
      certificateFingerprint: new X509Certificate(emulator().caCertificate ?? "").fingerprint256,
    });
    assert.ok(proxy.tunnels().length > 0);
    const sent = emulator().requests().length;
    assert.match(
      (await rejection(create({ certificateFingerprint: "11".repeat(32) }))).message,
      /fingerprint/,
    );
    assert.equal(emulator().requests().length, sent);
  });

  it("is named when it refuses to tunnel, and nothing is sent", async () => {
    const proxy = await serveProxy("407 Proxy Authentication Required");
    process.env.HTTPS_PROXY = proxy.url.replace("//", "//user:secret@");
    const { message } = await rejection(create(ca()));
    assert.match(message, /got no answer: its proxy 127\.0\.0\.1:\d+ made no tunnel: it answered 407\./);
    assert.doesNotMatch(message, /secret/);
    assert.equal(proxy.tunnels().length, 1);
    assert.deepEqual(emulator().requests(), []);
  });

  it("is asked for the host as the URL has it, with its port", async () => {
    const proxy = await serveProxy("403 Forbidden");
    process.env.HTTPS_PROXY = proxy.url;
    const { answerMs: timeoutMs, silenceMs } = QUICK;
    for (const url of ["https://[::1]:20009/cas", "https://manager.example/cas"]) {
      await rejection(send({ method: "GET", url, headers: {}, timeoutMs, silenceMs }));
    }
    assert.deepEqual(proxy.tunnels(), ["[::1]:20009", "manager.example:443"]);
  });

  it("is asked again when it can't be reached or fails", async () => {
    const proxy = await serveProxy("502 Bad Gateway");
    process.env.HTTPS_PROXY = proxy.url;
    assert.match((await rejection(create(ca()))).message, /made no tunnel: it answered 502/);
    assert.ok(proxy.tunnels().length > 1);
    process.env.HTTPS_PROXY = "http://127.0.0.1:1";
    assert.match((await rejection(create(ca()))).message, /made no tunnel: connect ECONNREFUSED/);
  });

  for (const setting of [
    "http://user:100%@proxy",
    "http://user:%ff@proxy",
    "http://proxy:port",
    "socks5://127.0.0.1:1080",
  ]) {
    it(`is refused that is no address of an HTTP proxy: ${setting}`, async () => {
      process.env.HTTPS_PROXY = setting;
      const { message } = await rejection(create(ca()));
      assert.match(message, /its proxy setting is no http:\/\/HOST:PORT\. Correct HTTPS_PROXY/);
      assert.doesNotMatch(message, /100%/);
    });
  }

  it("is left alone for a host of NO_PROXY", async () => {
    const proxy = await serveProxy();
    Object.assign(process.env, { HTTPS_PROXY: proxy.url, NO_PROXY: "127.0.0.1" });
    await create(ca());
    assert.deepEqual(proxy.tunnels(), []);
  });
});
