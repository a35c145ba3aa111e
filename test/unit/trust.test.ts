import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { Socket } from "node:net";
import { startEmulator } from "../../emulator";
import type { OperationOptions } from "../../provider/api/deadline";
import { HttpClient } from "../../provider/api/http/http";
import { useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { BRIEF, casInputs, casLifecycle, QUICK, webCliInputs, webCliLifecycle } from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers, listenRaw, serveProxy } from "../support/server";

describe("A server's certificate", () => {
  const emulator = useEmulator({ tls: true });
  const create = (trust: object) => casLifecycle().create(casInputs(emulator(), trust));
  const fingerprint = () => new X509Certificate(emulator().caCertificate ?? "").fingerprint256;

  it("is refused when nothing vouches for it, and nothing is sent", async () => {
    const { message } = await rejection(create({}));
    assert.match(
      message,
      /the server's certificate was rejected: it is self-signed .* `caCertificate` .* `certificateFingerprint`/,
    );
    assert.deepEqual(emulator().requests(), []);
  });

  it("is refused when another authority than the given one issued it, and the error says so", async () => {
    const { message } = await rejection(create({ caCertificate: await startOther() }));
    assert.match(
      message,
      /No certificate authority \(CA\) in `caCertificate` issued it\. Pass the right CA's certificate, or pin/,
    );
  });

  const renewed: [string, object][] = [
    ["fingerprint", { caCertificate: undefined, certificateFingerprint: "00".repeat(32) }],
    ["authority", { caCertificate: undefined }],
  ];
  for (const [what, trust] of renewed) {
    it(`that was renewed with another ${what} fails a delete, and the error says what is left to do`, async () => {
      const { outs } = await create({ caCertificate: emulator().caCertificate });
      const { message } = await rejection(casLifecycle().delete("", { ...outs, ...trust }));
      assert.match(
        message,
        /If the server's certificate was renewed, pass the new `caCertificate` or .* `pulumi up`/,
      );
    });
  }

  it("of a DCS endpoint is trusted as Node.js trusts it", async () => {
    const endpoint = emulator().dcsEndpoint;
    const { message } = await rejection(
      webCliLifecycle(emulator()).create(webCliInputs(emulator(), { endpoint })),
    );
    assert.match(message, /was rejected: .* NODE_EXTRA_CA_CERTS/);
  });

  it("is accepted when its authority is given", async () => {
    await create({ caCertificate: emulator().caCertificate });
    assert.equal(emulator().sessions().cas.open.length, 1);
  });

  it("is accepted when its fingerprint is pinned, in either spelling", async () => {
    await create({ certificateFingerprint: fingerprint() });
    await create({ certificateFingerprint: fingerprint().replaceAll(":", "").toLowerCase() });
    assert.equal(emulator().sessions().cas.open.length, 2);
  });

  it("is refused when another is pinned, and nothing is sent", async () => {
    const { message } = await rejection(create({ certificateFingerprint: "00".repeat(32) }));
    assert.match(
      message,
      /has the SHA-256 fingerprint [0-9A-F:]{95}\. It is not the pinned one\. Compare it with what/,
    );
    assert.deepEqual(emulator().requests(), []);
  });

  it("is refused when its fingerprint is right and its authority is another", async () => {
    const other = await startOther();
    const trust = { certificateFingerprint: fingerprint(), caCertificate: other };
    assert.match(
      (await rejection(create(trust))).message,
      /the server's certificate was rejected: it is self-signed/,
    );
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
  const create = (trust: object, options?: OperationOptions) =>
    casLifecycle().create(casInputs(emulator(), trust), options);
  const ca = () => ({ caCertificate: emulator().caCertificate });

  it("tunnels https, with the server's certificate still checked", async () => {
    const proxy = await serveProxy();
    process.env.HTTPS_PROXY = proxy.url;
    await create(ca());
    assert.ok(proxy.tunnels().length > 0);
    assert.match(
      (await rejection(create({}))).message,
      /the server's certificate was rejected: it is self-signed/,
    );
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
    assert.match(
      message,
      /got no answer: its proxy 127\.0\.0\.1:\d+ did not open a tunnel: it answered 407\./,
    );
    assert.doesNotMatch(message, /secret/);
    assert.equal(proxy.tunnels().length, 1);
    assert.deepEqual(emulator().requests(), []);
  });

  it("is told of without its words, which may repeat its password", async () => {
    const proxy = await listenRaw((socket) => {
      socket.once("data", (head) => {
        const [, credentials] = /^proxy-authorization: (.*)$/im.exec(head.toString()) ?? [];
        socket.end(`HTTP/1.1 400 Bad Request\r\nyou sent ${credentials}\r\n\r\n`);
      });
    });
    process.env.HTTPS_PROXY = proxy.url.replace("//", "//user:secret@");
    const { message } = await rejection(create(ca(), BRIEF));
    assert.match(message, /got no answer: its proxy 127\.0\.0\.1:\d+ did not open a tunnel: /);
    assert.doesNotMatch(message, /you sent|Basic/);
    assert.ok(!message.includes(Buffer.from("user:secret").toString("base64")));
    assert.deepEqual(emulator().requests(), []);
  });

  for (const [what, limits] of [
    ["a request", { requestTimeout: 1_000, idleTimeout: 60_000 }],
    ["a silence", { requestTimeout: 60_000, idleTimeout: 1_000 }],
  ] as const) {
    it(`has no connection left when it says nothing within the time of ${what}`, async () => {
      const open = new Set<Socket>();
      const proxy = await listenRaw((socket) => open.add(socket.resume()));
      process.env.HTTPS_PROXY = proxy.url;
      const { casUrl: url, caCertificate } = emulator();
      await rejection(
        new HttpClient().send({ method: "GET", url, headers: {}, trust: { caCertificate }, ...limits }),
      );
      for (const socket of open) if (!socket.closed) await once(socket, "close");
      assert.equal(open.size, 1);
    });
  }

  it("is asked for the host as the URL has it, with its port", async () => {
    const proxy = await serveProxy("403 Forbidden");
    process.env.HTTPS_PROXY = proxy.url;
    const { requestTimeout, idleTimeout } = QUICK;
    for (const url of ["https://[::1]:20009/cas", "https://manager.example/cas"]) {
      await rejection(
        new HttpClient().send({ method: "GET", url, headers: {}, requestTimeout, idleTimeout }),
      );
    }
    assert.deepEqual(proxy.tunnels(), ["[::1]:20009", "manager.example:443"]);
  });

  it("is asked again when it can't be reached or fails", async () => {
    const proxy = await serveProxy("502 Bad Gateway");
    process.env.HTTPS_PROXY = proxy.url;
    assert.match((await rejection(create(ca(), BRIEF))).message, /did not open a tunnel: it answered 502/);
    assert.ok(proxy.tunnels().length > 1);
    process.env.HTTPS_PROXY = "http://127.0.0.1:1";
    assert.match(
      (await rejection(create(ca()))).message,
      /did not open a tunnel: the connection was refused/,
    );
  });

  for (const setting of [
    "http://user:100%@proxy",
    "http://user:%ff@proxy",
    "http://proxy:port",
    "socks5://127.0.0.1:1080",
  ]) {
    it(`is refused when its setting is not the address of an HTTP proxy: ${setting}`, async () => {
      process.env.HTTPS_PROXY = setting;
      const { message } = await rejection(create(ca()));
      assert.match(message, /its proxy setting is not of the form http:\/\/HOST:PORT\. Correct HTTPS_PROXY/);
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
