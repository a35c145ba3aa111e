import assert from "node:assert";
import { type Emulator, startEmulator } from "../../../emulator/index";
import {
  field,
  post,
  type Received,
  type Signing,
  send,
  signedHeaders,
  webCliPath,
} from "../../support/client";

const minute = 60_000;

describe("emulator: the API gateway", () => {
  let emulator: Emulator;
  let now: number;
  let path: string;

  beforeEach(async () => {
    now = Date.now();
    emulator = await startEmulator({ clock: () => now });
    path = webCliPath(emulator, "auth");
  });
  afterEach(() => emulator.close());

  const auth = (signing: Signing = {}): Promise<Received> =>
    post(emulator, path, { password: emulator.redisPassword }, signing);

  function assertRefused(received: Received, reason: RegExp): void {
    assert.strictEqual(received.status, 401);
    assert.strictEqual(field(received, "error_code"), "APIGW.0301");
    assert.match(field(received, "error_msg"), /^Incorrect IAM authentication information: /);
    assert.match(field(received, "error_msg"), reason);
    assert.strictEqual(field(received, "request_id"), received.headers["x-request-id"]);
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
        "X-Project-Id": emulator.projectId,
        "X-Security-Token": "tok+/=123",
      };
      assert.strictEqual((await auth({ signed, headers })).status, 200);
    });
  }

  it("hashes the bytes that came, with the newline that ends a Go client's body", async () => {
    const body = `${JSON.stringify({ password: emulator.redisPassword })}\n`;
    assert.strictEqual((await post(emulator, path, body)).status, 200);
  });

  it("refuses a request without a signature or token", async () => {
    assertRefused(await send(emulator.url + path, { method: "POST", body: "{}" }), /x-auth-token not found/);
  });

  it("refuses a wrong secret key and echoes the canonical request", async () => {
    const received = await auth({ secretKey: "wrong" });
    assertRefused(received, /verify aksk signature fail,canonicalRequest:POST\n\/v2\/.*\/webcli\/auth\/\n/);
  });

  it("refuses a body that was changed on the way", async () => {
    const headers = signedHeaders(emulator, path, { body: '{"password":"one"}' });
    const received = await send(emulator.url + path, { method: "POST", headers, body: '{"password":"two"}' });
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
    assertRefused(await send(emulator.url + path, { method: "POST", headers }), /malformed/);
  });

  it("takes a clock that is 15 minutes off, and no more", async () => {
    assert.strictEqual((await auth({ at: now - 14 * minute })).status, 200);
    assert.strictEqual((await auth({ at: now + 14 * minute })).status, 200);
    assertRefused(await auth({ at: now - 16 * minute }), /signature expired/);
    assertRefused(await auth({ at: now + 16 * minute }), /signature expired/);
  });

  it("locks an access key after more than 5 failures in a row", async () => {
    for (let failure = 0; failure < 6; failure += 1) {
      assertRefused(await auth({ secretKey: "wrong" }), /verify aksk signature fail/);
    }
    assertRefused(await auth(), /access key is locked/);
    now += 6 * minute;
    assert.strictEqual((await auth({ at: now })).status, 200);
  });

  it("does not lock when a success comes in between", async () => {
    for (let failure = 0; failure < 10; failure += 1) {
      assertRefused(await auth({ secretKey: "wrong" }), /verify aksk signature fail/);
      assert.strictEqual((await auth()).status, 200);
    }
  });

  it("takes an IAM token in place of a signature", async () => {
    const body = JSON.stringify({ password: emulator.redisPassword });
    const headers = { "X-Auth-Token": emulator.authToken };
    assert.strictEqual((await send(emulator.url + path, { method: "POST", headers, body })).status, 200);
    const wrong = { "X-Auth-Token": "wrong" };
    assertRefused(await send(emulator.url + path, { method: "POST", headers: wrong }), /decrypt token fail/);
  });

  it("refuses the old keys after a rotation", async () => {
    const { accessKey, secretKey } = emulator;
    const fresh = emulator.rotateKeys();
    assert.deepStrictEqual(fresh, { accessKey: emulator.accessKey, secretKey: emulator.secretKey });
    assertRefused(await auth({ accessKey, secretKey }), /ak not exist/);
    assert.strictEqual((await auth()).status, 200);
  });

  it("wants the security token that belongs to temporary keys", async () => {
    const temporary = await startEmulator({ securityToken: "right" });
    try {
      const target = webCliPath(temporary, "auth");
      const body = { password: temporary.redisPassword };
      const withToken = (token: string) =>
        post(temporary, target, body, { headers: { "X-Security-Token": token } });
      assert.strictEqual((await withToken("right")).status, 200);
      assertRefused(await withToken("wrong"), /securityToken/);
    } finally {
      await temporary.close();
    }
  });

  it("answers 404 APIGW.0101 for a path or method that is no API, signed or not", async () => {
    for (const [method, target] of [
      ["POST", "/v1/nothing"],
      ["GET", path],
      ["POST", `${path}/`],
    ] as const) {
      const received = await send(emulator.url + target, { method });
      assert.strictEqual(received.status, 404);
      assert.strictEqual(field(received, "error_code"), "APIGW.0101");
      assert.strictEqual(field(received, "request_id"), received.headers["x-request-id"]);
    }
  });
});
