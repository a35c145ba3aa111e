import assert from "node:assert/strict";
import { canonicalRequest, parseAuthorization, sign, stringToSign } from "../../../emulator/iam/signature";
import { type Vector, vectors } from "../../support/vectors";

/** What the emulator makes of a vector's request, signed as `authorization` says it was. */
function verify(vector: Vector, authorization: string) {
  const parsed = parseAuthorization(authorization);
  assert.ok(parsed);
  const [path = "", rawQuery = ""] = vector.target.split("?");
  const lowerCased = Object.entries(vector.headers).map(([name, value]) => [name.toLowerCase(), value]);
  const headers: Record<string, string> = Object.fromEntries(lowerCased);
  const request = { method: vector.method, path, rawQuery, headers, body: Buffer.from(vector.body) };
  const canonical = canonicalRequest(request, parsed.signedHeaders);
  const text = stringToSign(canonical, headers["x-sdk-date"] ?? "");
  return { parsed, canonical, text, signature: sign(vector.sk, text) };
}

describe("emulator: SDK-HMAC-SHA256", () => {
  for (const vector of vectors) {
    it(`comes to the canonical request and the signature of ${vector.name}`, () => {
      const { parsed, canonical, text, signature } = verify(vector, vector.authorization);
      assert.equal(parsed.accessKey, vector.ak);
      assert.equal(canonical, vector.canonical_request);
      assert.equal(text, vector.string_to_sign);
      assert.equal(signature, parsed.signature);
    });
  }

  for (const { go_sdk_authorization: authorization, ...vector } of vectors) {
    if (authorization !== undefined) {
      it(`comes to the signature of the Go SDK, which signs fewer headers, for ${vector.name}`, () => {
        const { parsed, signature } = verify(vector, authorization);
        assert.equal(signature, parsed.signature);
      });
    }
  }

  it("does not accept a header of another algorithm or with a part missing", () => {
    assert.equal(parseAuthorization("Basic YTpi"), undefined);
    assert.equal(parseAuthorization("SDK-HMAC-SHA256 Access=a, SignedHeaders=host"), undefined);
  });

  it("sorts a query by name, decodes it once and encodes it again", () => {
    const request = {
      method: "get",
      path: "/a b/%41",
      rawQuery: "b=1&a=%2f&a",
      headers: {},
      body: Buffer.alloc(0),
    };
    const [method, path, query] = canonicalRequest(request, ["x-sdk-date"]).split("\n");
    assert.deepEqual([method, path, query], ["GET", "/a%20b/A/", "a=&a=%2F&b=1"]);
  });
});
