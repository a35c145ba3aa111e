import assert from "node:assert/strict";
import { authorization, signatureHeaders } from "../../provider/api/iam/signature";
import { vectors } from "../support/vectors";

describe("The signature SDK-HMAC-SHA256", () => {
  for (const { name, ak, sk, target, headers, ...vector } of vectors) {
    it(`is the vendor's for ${name}`, () => {
      const request = { ...vector, headers, url: `https://${headers.host}${target}` };
      assert.equal(authorization(request, { accessKey: ak, secretKey: sk }), vector.authorization);
    });
  }

  it("covers the host with its port, the date and the security token", () => {
    const keys = { accessKey: "AK", secretKey: "SK", securityToken: "TOKEN" };
    const request = { method: "POST", url: "http://127.0.0.1:8800/v2/p", headers: { Accept: "a" }, body: "" };
    const headers = signatureHeaders(request, keys, new Date("2026-01-02T03:04:05.678Z"));
    assert.equal(headers["X-Sdk-Date"], "20260102T030405Z");
    assert.equal(headers["X-Security-Token"], "TOKEN");
    assert.match(headers.Authorization ?? "", /SignedHeaders=accept;host;x-sdk-date;x-security-token,/);
  });
});
