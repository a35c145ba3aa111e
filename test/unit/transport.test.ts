import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { startEmulator } from "../../emulator";
import { RequestFailed } from "../../provider/api/errors";
import { send } from "../../provider/api/http";
import { useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { casInputs, casLifecycle, QUICK } from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers, serve, serveProxy } from "../support/server";

const get = (url: string, more = {}) =>
  send({ method: "GET", url, headers: {}, timeoutMs: QUICK.answerMs, silenceMs: QUICK.silenceMs, ...more });

describe("A request", () => {
  afterEach(closeServers);

  it("does not follow a redirect", async () => {
    const { url, requests } = await serve((_, response) =>
      response.writeHead(302, { Location: "/again" }).end(),
    );
    assert.equal((await get(url)).status, 302);
    assert.deepEqual(requests(), ["GET /"]);
  });

  it("ends when the answer trickles beyond its time", async () => {
    const { url } = await serve((_, response) => {
      const timer = setInterval(() => response.write("."), 50);
      response.on("close", () => clearInterval(timer));
    });
    assert.match((await rejection(get(url))).message, /got no answer: the answer was not complete in time/);
  });

  it("ends when nothing comes", async () => {
    const { url } = await serve(() => {});
    const silent = get(url, { silenceMs: 100, timeoutMs: 10_000 });
    assert.match((await rejection(silent)).message, /got no answer: no answer came in time/);
  });

  it("ends when the answer is too long", async () => {
    const { url } = await serve((_, response) => response.end("x".repeat(10_000_000)));
    assert.match((await rejection(get(url))).message, /what came is no usable HTTP answer/);
  });

  it("ends when what comes is no HTTP", async () => {
    const { url } = await serve((request) => request.socket.end("SSH-2.0-OpenSSH\r\n"));
    assert.match((await rejection(get(url))).message, /no usable HTTP answer \(HTTPParserError/);
  });

  for (const framing of ["a length", "chunks", "chunks before its connection ends"]) {
    it(`ends, and may be sent again, when the answer is cut off that is framed by ${framing}`, async () => {
      const { url } = await serve((request, response) => {
        if (framing === "a length") response.setHeader("Content-Length", 100);
        if (framing === "chunks before its connection ends") response.setHeader("Connection", "close");
        response.write("half", () => request.socket.resetAndDestroy());
      });
      const failed = await rejection(get(url));
      assert.match(failed.message, /the connection broke before the answer was complete/);
      assert.ok(failed instanceof RequestFailed && failed.failure.again === "always");
    });
  }

  it("says when the connection is refused, and when a host is not found", async () => {
    assert.match((await rejection(get("http://127.0.0.1:1/"))).message, /the connection was refused/);
    const unknown = get("http://nowhere.invalid/");
    assert.match((await rejection(unknown)).message, /host name could not be looked up/);
  });

  it("keeps its connections for the next ones", async () => {
    const sockets = new Set<unknown>();
    const { url } = await serve((request, response) => {
      sockets.add(request.socket);
      response.end();
    });
    for (let i = 0; i < 9; i++) await get(url);
    // The one that has just answered is looked over before it is used again, so a second one is opened.
    assert.ok(sockets.size <= 2, `${sockets.size} connections`);
  });
});

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

  it("is asked again when it can't be reached or fails", async () => {
    const proxy = await serveProxy("502 Bad Gateway");
    process.env.HTTPS_PROXY = proxy.url;
    assert.match((await rejection(create(ca()))).message, /made no tunnel: it answered 502/);
    assert.ok(proxy.tunnels().length > 1);
    process.env.HTTPS_PROXY = "http://127.0.0.1:1";
    assert.match((await rejection(create(ca()))).message, /made no tunnel: connect ECONNREFUSED/);
  });

  it("is left alone for a host of NO_PROXY", async () => {
    const proxy = await serveProxy();
    Object.assign(process.env, { HTTPS_PROXY: proxy.url, NO_PROXY: "127.0.0.1" });
    await create(ca());
    assert.deepEqual(proxy.tunnels(), []);
  });
});
