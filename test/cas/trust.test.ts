import assert from "node:assert/strict";
import { makeCertificate } from "../../emulator/certificate";
import type { CasInputs } from "../../provider/lifecycle/casSession";
import { argsFor, create } from "./support/lifecycle";
import { requestsOf, useCas } from "./support/useCas";

const OTHER_FINGERPRINT = "ab".repeat(32);

describe("CasSession that trusts another server than the Apereo CAS it meets", () => {
  const cas = useCas();

  async function assertRefused(more: Partial<CasInputs>, reason: RegExp): Promise<void> {
    const args = argsFor(cas(), more);
    let refused: Promise<void> | undefined;
    const attempt = async () => {
      refused = assert.rejects(create(args), { message: reason });
      await refused;
    };
    assert.deepEqual(await requestsOf(cas(), attempt), []);
    await refused;
  }

  it("sends nothing when the certificate is not of the given CA", async () => {
    const { cert } = await makeCertificate();
    await assertRefused({ caCertificate: cert }, /the server's certificate was rejected/);
  });

  it("sends nothing when the certificate has another fingerprint", async () => {
    const pin = { caCertificate: undefined, certificateFingerprint: OTHER_FINGERPRINT };
    await assertRefused(pin, /has the SHA-256 fingerprint/);
  });

  it("sends nothing when the certificate is of the given CA and has another fingerprint", async () => {
    await assertRefused({ certificateFingerprint: OTHER_FINGERPRINT }, /has the SHA-256 fingerprint/);
  });

  it("sends nothing when the certificate has the fingerprint and is not of the given CA", async () => {
    const { cert } = await makeCertificate();
    const { certificateFingerprint } = cas();
    await assertRefused(
      { caCertificate: cert, certificateFingerprint },
      /the server's certificate was rejected/,
    );
  });
});
