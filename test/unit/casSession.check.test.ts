import assert from "node:assert/strict";
import { useEmulator } from "../support/emulator";
import { casLifecycle } from "../support/lifecycles";

const LOGIN = { casUrl: "https://manager:20009/cas", username: "admin", password: "s3cr3t" };

describe("CasSession check", () => {
  const emulator = useEmulator({ tls: true });
  const check = (args: object) => casLifecycle().check({}, { ...LOGIN, ...args });

  it("fills the default User-Agent and drops a trailing slash", async () => {
    const inputs = { ...LOGIN, userAgent: "pulumi-huaweicloud-sessions" };
    assert.deepEqual(await check({ casUrl: `${LOGIN.casUrl}/` }), { inputs, failures: [] });
  });

  it("accepts a certificate in PEM, and a fingerprint with or without colons", async () => {
    const { caCertificate } = emulator();
    for (const certificateFingerprint of ["ab".repeat(32), Array(32).fill("AB").join(":")]) {
      assert.deepEqual((await check({ caCertificate, certificateFingerprint })).failures, []);
    }
  });

  it("refuses a certificate that has its private key beside it, and names no property", async () => {
    const caCertificate = `${emulator().caCertificate}\n-----BEGIN PRIVATE KEY-----\ns3cr3t`;
    const { failures = [] } = await check({ caCertificate });
    assert.deepEqual([failures.length, failures[0]?.property], [1, ""]);
  });
});
