import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { Socket } from "node:net";
import type { OperationOptions } from "../../provider/api/deadline";
import { HttpClient } from "../../provider/api/http/http";
import { issue } from "../support/certificates";
import { useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { BRIEF, casInputs, casLifecycle, webCliInputs, webCliLifecycle } from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers, listenRaw, serveProxy } from "../support/server";

const OTHER_PIN = { certificateFingerprint: "00".repeat(32) };

/** An emulator whose certificate nobody trusts, and logins to its CAS. */
function useUntrusted() {
  const emulator = useEmulator({ tls: true });
  const ca = () => ({ caCertificate: emulator().caCertificate });
  const pin = () => {
    const { fingerprint256 } = new X509Certificate(emulator().caCertificate ?? "");
    return { certificateFingerprint: fingerprint256 };
  };
  const create = (trust: object, options?: OperationOptions) =>
    casLifecycle().create(casInputs(emulator(), trust), options);
  const refusal = async (trust: object, options?: OperationOptions) => {
    const sent = emulator().requests().length;
    const { message } = await rejection(create(trust, options));
    assert.equal(emulator().requests().length, sent, "something was sent");
    return message;
  };
  return { emulator, ca, pin, create, refusal };
}

describe("A server's certificate", () => {
  const { emulator, ca, pin, create, refusal } = useUntrusted();
  const otherAuthority = async () => {
    const { cert } = await issue({ names: ["127.0.0.1"] });
    return { caCertificate: cert };
  };

  it("is refused when nothing vouches for it, and nothing is sent", async () => {
    assert.match(
      await refusal({}),
      /the server's certificate was rejected: it is self-signed .* `caCertificate` .* `certificateFingerprint`/,
    );
  });

  it("is refused when another authority than the given one issued it, and the error says so", async () => {
    assert.match(
      await refusal(await otherAuthority()),
      /No certificate authority \(CA\) in `caCertificate` issued it\. Pass the right CA's certificate, or pin/,
    );
  });

  it("is refused when another is pinned", async () => {
    assert.match(
      await refusal(OTHER_PIN),
      /has the SHA-256 fingerprint [0-9A-F:]{95}\. It is not the pinned one\. Compare it with what/,
    );
  });

  it("is refused when its fingerprint is right and its authority is another", async () => {
    const trust = { ...pin(), ...(await otherAuthority()) };
    assert.match(await refusal(trust), /the server's certificate was rejected: it is self-signed/);
  });

  for (const [what, trust] of [
    ["fingerprint", OTHER_PIN],
    ["authority", {}],
  ] as const) {
    it(`that was renewed with another ${what} fails a delete, and the error says what is left to do`, async () => {
      const { outs } = await create(ca());
      const renewed = { ...outs, caCertificate: undefined, ...trust };
      assert.match(
        (await rejection(casLifecycle().delete("", renewed))).message,
        /If the server's certificate was renewed, pass the new `caCertificate` or .* `pulumi up`/,
      );
    });
  }

  it("of a DCS endpoint is trusted as Node.js trusts it", async () => {
    const endpoint = emulator().dcsEndpoint;
    const login = webCliLifecycle(emulator()).create(webCliInputs(emulator(), { endpoint }));
    assert.match((await rejection(login)).message, /was rejected: .* NODE_EXTRA_CA_CERTS/);
  });

  it("is accepted when its authority is given, or its fingerprint is pinned, in either spelling", async () => {
    const digits = pin().certificateFingerprint.replaceAll(":", "").toLowerCase();
    for (const trust of [ca(), pin(), { certificateFingerprint: digits }]) await create(trust);
    assert.equal(emulator().sessions().cas.open.length, 3);
  });
});

describe("A proxy of the environment", () => {
  const { emulator, ca, pin, create, refusal } = useUntrusted();
  useEnvironment();
  afterEach(closeServers);
  const use = (url: string) => {
    process.env.HTTPS_PROXY = url;
  };

  it("tunnels https, with the server's certificate still checked", async () => {
    const proxy = await serveProxy();
    use(proxy.url);
    for (const trust of [ca(), pin()]) await create(trust);
    assert.ok(proxy.tunnels().length > 0);
    assert.match(await refusal({}), /the server's certificate was rejected: it is self-signed/);
    assert.match(await refusal(OTHER_PIN), /fingerprint/);
  });

  it("is named when it refuses to tunnel, and nothing is sent", async () => {
    const proxy = await serveProxy("407 Proxy Authentication Required");
    use(proxy.url.replace("//", "//user:secret@"));
    const message = await refusal(ca());
    assert.match(
      message,
      /got no answer: its proxy 127\.0\.0\.1:\d+ did not open a tunnel: it answered 407\./,
    );
    assert.doesNotMatch(message, /secret/);
    assert.equal(proxy.tunnels().length, 1);
  });

  it("is told of without its words, which may repeat its password", async () => {
    const proxy = await listenRaw((socket) => {
      socket.once("data", (head) => {
        const [, credentials] = /^proxy-authorization: (.*)$/im.exec(head.toString()) ?? [];
        socket.end(`HTTP/1.1 400 Bad Request\r\nyou sent ${credentials}\r\n\r\n`);
      });
    });
    use(proxy.url.replace("//", "//user:secret@"));
    const message = await refusal(ca(), BRIEF);
    assert.match(message, /got no answer: its proxy 127\.0\.0\.1:\d+ did not open a tunnel: /);
    assert.doesNotMatch(message, /you sent|Basic/);
    assert.ok(!message.includes(Buffer.from("user:secret").toString("base64")));
  });

  for (const [what, limits] of [
    ["a request", { requestTimeout: 1_000, idleTimeout: 60_000 }],
    ["a silence", { requestTimeout: 60_000, idleTimeout: 1_000 }],
  ] as const) {
    it(`has no connection left when it says nothing within the time of ${what}`, async () => {
      const open = new Set<Socket>();
      use((await listenRaw((socket) => open.add(socket.resume()))).url);
      const request = { method: "GET", url: emulator().casUrl, headers: {}, trust: ca() } as const;
      await rejection(new HttpClient().send({ ...request, ...limits }));
      for (const socket of open) if (!socket.closed) await once(socket, "close");
      assert.equal(open.size, 1);
    });
  }

  it("is asked again when it can't be reached or fails", async () => {
    const proxy = await serveProxy("502 Bad Gateway");
    use(proxy.url);
    assert.match(await refusal(ca(), BRIEF), /did not open a tunnel: it answered 502/);
    assert.ok(proxy.tunnels().length > 1);
    use("http://127.0.0.1:1");
    assert.match(await refusal(ca()), /did not open a tunnel: the connection was refused/);
  });

  for (const setting of [
    "http://user:100%@proxy",
    "http://user:%ff@proxy",
    "http://proxy:port",
    "socks5://127.0.0.1:1080",
  ]) {
    it(`is refused when its setting is not the address of an HTTP proxy: ${setting}`, async () => {
      use(setting);
      const message = await refusal(ca());
      assert.match(message, /its proxy setting is not of the form http:\/\/HOST:PORT\. Correct HTTPS_PROXY/);
      assert.doesNotMatch(message, /100%/);
    });
  }
});
