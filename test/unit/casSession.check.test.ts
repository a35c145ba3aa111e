import assert from "node:assert/strict";
import { startEmulator } from "../../emulator";
import { UNKNOWN } from "../../provider/engine";
import { casLifecycle } from "../support/lifecycles";

const LOGIN = { casUrl: "https://manager:20009/cas", username: "admin", password: "s3cr3t" };
const COOKIE = { casUrl: LOGIN.casUrl, ticketGrantingCookie: "CASTGC=TGT-s3cr3t" };
const PRIVATE_KEY = "-----BEGIN PRIVATE KEY-----\ns3cr3t\n-----END PRIVATE KEY-----";

async function check(args: object) {
  const { inputs, failures } = await casLifecycle().check(
    {},
    Object.assign({ casUrl: "", userAgent: "" }, args),
  );
  return { inputs, failures: failures ?? [] };
}

describe("CasSession check", () => {
  it("fills the default User-Agent and drops a trailing slash", async () => {
    const { inputs, failures } = await check({ ...LOGIN, casUrl: `${LOGIN.casUrl}/`, userAgent: undefined });
    assert.deepEqual(failures, []);
    assert.deepEqual(inputs, { ...LOGIN, userAgent: "pulumi-huaweicloud-sessions" });
  });

  it("accepts a certificate in PEM, and a fingerprint with or without colons", async () => {
    const emulator = await startEmulator({ tls: true });
    await emulator.close();
    for (const certificateFingerprint of ["ab".repeat(32), Array(32).fill("AB").join(":")]) {
      const trust = { caCertificate: emulator.caCertificate, certificateFingerprint };
      const { failures } = await check({ ...LOGIN, userAgent: "a", ...trust });
      assert.deepEqual(failures, []);
    }
  });

  it("refuses a certificate that has its private key beside it", async () => {
    const emulator = await startEmulator({ tls: true });
    await emulator.close();
    const caCertificate = `${emulator.caCertificate}\n${PRIVATE_KEY}`;
    const { failures } = await check({ ...LOGIN, userAgent: "a", caCertificate });
    assert.deepEqual([failures.length, failures[0]?.property], [1, ""]);
  });

  it("lets unknown values pass", async () => {
    const unknown = {
      casUrl: UNKNOWN,
      username: UNKNOWN,
      password: UNKNOWN,
      service: UNKNOWN,
      userAgent: UNKNOWN,
    };
    const { inputs, failures } = await check({ ...unknown, caCertificate: UNKNOWN });
    assert.deepEqual(failures, []);
    assert.deepEqual(inputs, { ...unknown, caCertificate: UNKNOWN });
  });

  const bad: [string, object, string][] = [
    ["no casUrl", { ...LOGIN, casUrl: undefined }, "casUrl"],
    ["a casUrl in plain http", { ...LOGIN, casUrl: "http://manager:20009/cas" }, "casUrl"],
    ["a user name without a password", { ...LOGIN, password: undefined }, "password"],
    ["a password without a user name", { ...LOGIN, username: undefined }, "username"],
    ["neither a user name nor a cookie", { casUrl: LOGIN.casUrl }, "username"],
    ["both a user name and a cookie", { ...LOGIN, ...COOKIE }, "ticketGrantingCookie"],
    ["a cookie without a name", { ...COOKIE, ticketGrantingCookie: "TGT-s3cr3t" }, "ticketGrantingCookie"],
    [
      "a cookie with attributes",
      { ...COOKIE, ticketGrantingCookie: "TGC=s3cr3t; Path=/" },
      "ticketGrantingCookie",
    ],
    [
      "a cookie with a line break",
      { ...COOKIE, ticketGrantingCookie: "TGC=s3cr3t\r\nX: y" },
      "ticketGrantingCookie",
    ],
    ["a casUrl with credentials", { ...LOGIN, casUrl: "https://admin:s3cr3t@manager/cas" }, "casUrl"],
    ["a service that is not a URL", { ...LOGIN, service: "manager" }, "service"],
    ["a User-Agent with a line break", { ...LOGIN, userAgent: "a\nb" }, "userAgent"],
    [
      "a PEM that can't be parsed",
      { ...LOGIN, caCertificate: "-----BEGIN CERTIFICATE-----" },
      "caCertificate",
    ],
    ["a private key in place of a certificate", { ...LOGIN, caCertificate: PRIVATE_KEY }, "caCertificate"],
    [
      "a fingerprint of another length",
      { ...LOGIN, certificateFingerprint: "ab:cd" },
      "certificateFingerprint",
    ],
  ];
  for (const [what, args, name] of bad) {
    it(`refuses ${what}, in one sentence that shows no secret`, async () => {
      const { failures } = await check({ userAgent: undefined, ...args });
      assert.equal(failures.length, 1, JSON.stringify(failures));
      assert.match(failures[0]?.reason ?? "", new RegExp(`^\`${name}\` .+\\.$`));
      assert.doesNotMatch(JSON.stringify(failures), /s3cr3t/);
      const printed = Object.entries(args).find(([property]) => property === failures[0]?.property);
      assert.doesNotMatch(String(printed?.[1]), /s3cr3t/, "the engine prints the value of that property");
    });
  }
});
