import assert from "node:assert/strict";
import { createServer, type TlsOptions } from "node:tls";
import { HttpClient } from "../../provider/api/http/http";
import type { Trust } from "../../provider/api/http/trust";
import { issue } from "../support/certificates";
import { useEnvironment } from "../support/environment";
import { rejection } from "../support/rejection";
import { closeServers, listen, serveProxy } from "../support/server";

/** A server that answers each request in TLS, and counts them. */
async function serveTls(options: TlsOptions): Promise<{ port: number; heard: () => string[] }> {
  const heard: string[] = [];
  const server = createServer(options, (socket) => {
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      heard.push(bytes.toString());
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    });
  });
  server.on("tlsClientError", () => {});
  return { port: await listen(server), heard: () => heard };
}

function get(url: string, trust?: Trust) {
  const limits = { requestTimeout: 5_000, idleTimeout: 5_000 };
  return new HttpClient().send({ method: "GET", url, headers: {}, trust, ...limits });
}

describe("A certificate", () => {
  useEnvironment();
  afterEach(closeServers);

  it("is compared with the address of the server, also behind a proxy", async () => {
    const { url } = await serveProxy();
    for (const names of [["127.0.0.1"], ["localhost"]]) {
      const issued = await issue({ names });
      const server = await serveTls(issued);
      const request = (proxy: object) => {
        Object.assign(process.env, proxy);
        return get(`https://127.0.0.1:${server.port}`, { caCertificate: issued.cert }).then(
          () => "accepted",
          ({ message }) => message.replace(/.*rejected: /, ""),
        );
      };
      const direct = await request({ HTTPS_PROXY: "" });
      assert.equal(
        direct,
        names[0] === "127.0.0.1" ? "accepted" : "it does not name 127.0.0.1, but DNS:localhost",
      );
      assert.equal(await request({ HTTPS_PROXY: url }), direct);
    }
  });

  it("of a proxy is checked before the proxy's password is sent, whatever NODE_TLS_REJECT_UNAUTHORIZED says", async () => {
    const proxy = await serveTls(await issue({ names: ["localhost"] }));
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    process.env.HTTPS_PROXY = `https://user:secret@localhost:${proxy.port}`;
    const { message } = await rejection(get("https://manager.example"));
    assert.match(message, /did not open a tunnel: its certificate was rejected: it is self-signed/);
    assert.deepEqual(proxy.heard(), []);
  });
});

describe("A TLS handshake that fails", () => {
  useEnvironment();
  afterEach(closeServers);

  const alerts: [what: string, options: TlsOptions, told: RegExp][] = [
    [
      "TLS version",
      { maxVersion: "TLSv1.1", minVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" },
      /TLS versions/,
    ],
    ["cipher suite", { maxVersion: "TLSv1.2", ciphers: "ECDHE-RSA-AES128-GCM-SHA256" }, /no cipher suite/],
    ["client certificate", { maxVersion: "TLSv1.2", requestCert: true }, /wants a client certificate/],
    [
      "client certificate, in TLS 1.3",
      { minVersion: "TLSv1.3", requestCert: true },
      /wants a client certificate/,
    ],
    ["protocol", { ALPNProtocols: ["h2"] }, /does not speak HTTP\/1\.1/],
  ];
  for (const [what, options, told] of alerts) {
    it(`tells that it was for the ${what}, also behind a proxy`, async () => {
      const issued = await issue({ names: ["localhost"] });
      const { port, heard } = await serveTls({ ...issued, ...options });
      const proxy = await serveProxy();
      for (const HTTPS_PROXY of ["", proxy.url]) {
        Object.assign(process.env, { HTTPS_PROXY });
        const { message } = await rejection(get(`https://localhost:${port}`, { caCertificate: issued.cert }));
        assert.match(message, /got no answer: the TLS handshake failed: the server /);
        assert.match(message, told);
      }
      assert.equal(proxy.tunnels().length, 1);
      assert.deepEqual(heard(), []);
    });
  }
});
