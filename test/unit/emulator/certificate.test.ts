import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { connect, type DetailedPeerCertificate } from "node:tls";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../emulator";
import { send } from "../../support/client";
import { openCas } from "./casClient";

describe("emulator: TLS", () => {
  let emulator: Emulator | undefined;
  afterEach(() => emulator?.close());

  async function start(options: EmulatorOptions): Promise<Emulator> {
    emulator = await startEmulator(options);
    return emulator;
  }

  /** The certificates that a server sends, its own first. */
  function sentBy({ url, caCertificate }: Emulator): Promise<DetailedPeerCertificate> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port: Number(new URL(url).port), ca: caCertificate });
      socket.once("error", reject).once("secureConnect", () => {
        resolve(socket.getPeerCertificate(true));
        socket.destroy();
      });
    });
  }

  it("has a certificate for 127.0.0.1 and localhost that is its own authority", async () => {
    const { casUrl, caCertificate = "" } = await start({ tls: true });
    assert.match(casUrl, /^https:\/\/127\.0\.0\.1:\d+\/cas$/);
    const certificate = new X509Certificate(caCertificate);
    assert.ok(certificate.checkIP("127.0.0.1") && certificate.checkHost("localhost"));
    await assert.rejects(send(`${casUrl}/login`), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  });

  for (const [tlsNames, named, other] of [
    ["ip", "127.0.0.1", "localhost"],
    ["name", "localhost", "127.0.0.1"],
  ] as const) {
    it(`has a certificate for ${named} alone, with tlsNames: ${tlsNames}`, async () => {
      const { url, caCertificate: ca } = await start({ tlsNames });
      const at = (host: string) => `${url.replace("127.0.0.1", host)}/cas/login`;
      assert.equal((await send(at(named), { ca })).status, 200);
      await assert.rejects(send(at(other), { ca }), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
    });
  }

  it("sends an intermediate's certificate along, and has its root trusted, with tlsChain", async () => {
    const running = await start({ tlsChain: true });
    assert.match(await openCas(running), /^CASTGC=/);
    const root = new X509Certificate(running.caCertificate ?? "");
    assert.ok(root.checkIssued(root));
    const leaf = await sentBy(running);
    const intermediate = leaf.issuerCertificate;
    assert.deepEqual([leaf.subject.CN, intermediate.subject.CN], ["localhost", "Emulator Intermediate CA"]);
    assert.ok(new X509Certificate(intermediate.raw).verify(root.publicKey));
  });
});
