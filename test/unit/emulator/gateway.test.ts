import assert from "node:assert/strict";
import {
  field,
  post,
  type Received,
  type Signing,
  send,
  signedHeaders,
  webCliPath,
} from "../../support/client";
import { useClockedEmulator } from "../../support/emulator";

const minute = 60_000;

describe("emulator: the API gateway", () => {
  const emulator = useClockedEmulator();
  let path: string;
  beforeEach(() => {
    path = webCliPath(emulator(), "auth");
  });

  const auth = (signing: Signing = {}): Promise<Received> =>
    post(emulator(), path, { password: emulator().redisPassword }, signing);

  function assertRefused(received: Received, reason: RegExp): void {
    assert.equal(received.status, 401);
    assert.equal(field(received, "error_code"), "APIGW.0301");
    assert.match(field(received, "error_msg"), /^Incorrect IAM authentication information: /);
    assert.match(field(received, "error_msg"), reason);
    assert.equal(field(received, "request_id"), received.headers["x-request-id"]);
  }

  const clients = {
    "the Go SDK": ["user-agent", "x-project-id", "x-sdk-date"],
    "the Python SDK": ["content-type", "host", "user-agent", "x-project-id", "x-sdk-date"],
    "the Node SDK": ["content-type", "host", "x-project-id", "x-sdk-date"],
    "temporary keys": ["content-type", "host", "x-project-id", "x-sdk-date", "x-security-token"],
    "the least there can be": ["x-sdk-date"],
  };
  for (const [client, signed] of Object.entries(clients)) {
    it(`takes the headers that ${client} signs`, async () => {
      const headers = {
        "Content-Type": "application/json",
        "User-Agent": "sdk/3",
        "X-Project-Id": emulator().projectId,
        "X-Security-Token": "tok+/=123",
      };
      assert.equal((await auth({ signed, headers })).status, 200);
    });
  }

  it("hashes the bytes that came, with the newline that ends a Go client's body", async () => {
    const body = `${JSON.stringify({ password: emulator().redisPassword })}\n`;
    assert.equal((await post(emulator(), path, body)).status, 200);
  });

  it("refuses a request without a signature or token", async () => {
    assertRefused(
      await send(emulator().url + path, { method: "POST", body: "{}" }),
      /x-auth-token not found/,
    );
  });

  it("refuses a wrong secret key and echoes the canonical request", async () => {
    const received = await auth({ secretKey: "wrong" });
    assertRefused(received, /verify aksk signature fail,canonicalRequest:POST\n\/v2\/.*\/webcli\/auth\/\n/);
  });

  it("refuses a body that was changed on the way", async () => {
    const headers = signedHeaders(emulator(), path, { body: '{"password":"one"}' });
    const received = await send(emulator().url + path, {
      method: "POST",
      headers,
      body: '{"password":"two"}',
    });
    assertRefused(received, /verify aksk signature fail/);
  });

  it("refuses an access key that it does not know", async () => {
    assertRefused(await auth({ accessKey: "UNKNOWN" }), /ak:UNKNOWN,err:ak not exist/);
  });

  it("refuses a signature that leaves out the date", async () => {
    assertRefused(await auth({ signed: ["host"] }), /x-sdk-date/);
  });

  it("refuses another authorization scheme", async () => {
    const headers = { authorization: "Basic YTpi" };
    assertRefused(await send(emulator().url + path, { method: "POST", headers }), /malformed/);
  });

  it("takes a clock that is 15 minutes off, and no more", async () => {
    assert.equal((await auth({ at: emulator.now - 14 * minute })).status, 200);
    assert.equal((await auth({ at: emulator.now + 14 * minute })).status, 200);
    assertRefused(await auth({ at: emulator.now - 16 * minute }), /signature expired/);
    assertRefused(await auth({ at: emulator.now + 16 * minute }), /signature expired/);
  });

  it("locks an access key after more than 5 failures in a row", async () => {
    for (let failure = 0; failure < 6; failure += 1) {
      assertRefused(await auth({ secretKey: "wrong" }), /verify aksk signature fail/);
    }
    assertRefused(await auth(), /access key is locked/);
    emulator.now += 6 * minute;
    assert.equal((await auth({ at: emulator.now })).status, 200);
  });

  it("does not lock when a success comes in between", async () => {
    for (let failure = 0; failure < 10; failure += 1) {
      assertRefused(await auth({ secretKey: "wrong" }), /verify aksk signature fail/);
      assert.equal((await auth()).status, 200);
    }
  });

  it("takes an IAM token in place of a signature", async () => {
    const body = JSON.stringify({ password: emulator().redisPassword });
    const headers = { "X-Auth-Token": emulator().authToken };
    assert.equal((await send(emulator().url + path, { method: "POST", headers, body })).status, 200);
    const wrong = { "X-Auth-Token": "wrong" };
    assertRefused(
      await send(emulator().url + path, { method: "POST", headers: wrong }),
      /decrypt token fail/,
    );
  });

  it("refuses the old keys after a rotation", async () => {
    const { accessKey, secretKey } = emulator();
    const fresh = emulator().rotateKeys();
    assert.deepEqual(fresh, { accessKey: emulator().accessKey, secretKey: emulator().secretKey });
    assertRefused(await auth({ accessKey, secretKey }), /ak not exist/);
    assert.equal((await auth()).status, 200);
  });

  it("wants the security token that belongs to temporary keys", async () => {
    await emulator.start({ securityToken: "right" });
    path = webCliPath(emulator(), "auth");
    assert.equal((await auth({ headers: { "X-Security-Token": "right" } })).status, 200);
    assertRefused(await auth({ headers: { "X-Security-Token": "wrong" } }), /securityToken/);
    assertRefused(await auth(), /securityToken/);
  });

  it("answers 404 APIGW.0101 for a path or method that is no API, signed or not", async () => {
    for (const [method, target] of [
      ["POST", "/v1/nothing"],
      ["GET", path],
      ["POST", `${path}/`],
    ] as const) {
      const received = await send(emulator().url + target, { method });
      assert.equal(received.status, 404);
      assert.equal(field(received, "error_code"), "APIGW.0101");
      assert.equal(field(received, "request_id"), received.headers["x-request-id"]);
    }
  });
});
