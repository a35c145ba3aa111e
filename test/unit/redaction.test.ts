import assert from "node:assert/strict";
import { documentedMessage, redactorOf } from "../../provider/api/http/redaction";
import { useEmulator } from "../support/emulator";
import {
  commandInputs,
  commandLifecycle,
  configOf,
  webCliInputs,
  webCliLifecycle,
} from "../support/lifecycles";
import { rejection } from "../support/rejection";

const PASSWORD = `p&ss/w"rd <ö> +1'x`;
const base64 = (text: string) => Buffer.from(text).toString("base64");
const hex = (text: string) => Buffer.from(text).toString("hex");
const everyChar = (text: string, spell: (code: number) => string) =>
  Array.from(text, (char) => spell(char.charCodeAt(0))).join("");

/** How servers and proxies repeat what they were sent. */
const SPELLINGS: [string, string][] = [
  ["as it is", PASSWORD],
  ["in JSON", JSON.stringify(PASSWORD)],
  ["in JSON with \\u0026", JSON.stringify(PASSWORD).replaceAll("&", "\\u0026").replaceAll("<", "\\u003C")],
  ["in JSON with \\/", JSON.stringify(PASSWORD).replaceAll("/", "\\/")],
  [
    "in JSON with every character escaped",
    everyChar(PASSWORD, (code) => `\\u${code.toString(16).padStart(4, "0")}`),
  ],
  ["in JSON within JSON", JSON.stringify(JSON.stringify(PASSWORD))],
  ["percent-encoded", encodeURIComponent(PASSWORD)],
  [
    "percent-encoded in lower case",
    encodeURIComponent(PASSWORD).replace(/%../g, (byte) => byte.toLowerCase()),
  ],
  ["percent-encoded by RFC 3986", encodeURIComponent(PASSWORD).replaceAll("'", "%27")],
  ["percent-encoded as a URL", encodeURI(PASSWORD)],
  ["percent-encoded twice", encodeURIComponent(encodeURIComponent(PASSWORD))],
  ["in a form, with +", new URLSearchParams({ a: PASSWORD }).toString()],
  [
    "in HTML with named references",
    PASSWORD.replaceAll("&", "&amp;")
      .replaceAll('"', "&quot;")
      .replaceAll("<", "&lt;")
      .replaceAll("ö", "&ouml;"),
  ],
  ["in HTML with decimal references", everyChar(PASSWORD, (code) => `&#${code};`)],
  ["in HTML with hexadecimal references", everyChar(PASSWORD, (code) => `&#x${code.toString(16)};`)],
  ["in base64", base64(PASSWORD)],
  ["in base64 for URLs", Buffer.from(PASSWORD).toString("base64url")],
  ["in base64 after a user name", base64(`admin:${PASSWORD}`)],
  ["in base64 after another user name", base64(`user1:${PASSWORD}`)],
  ["in hexadecimal digits", hex(PASSWORD)],
  ["in hexadecimal capitals", hex(PASSWORD).toUpperCase()],
  ["in capitals", PASSWORD.toUpperCase()],
  ["cut short", PASSWORD.slice(0, 7)],
  ["without its beginning", PASSWORD.slice(-7)],
  ["with a line break within", `${PASSWORD.slice(0, 5)}\r\n${PASSWORD.slice(5)}`],
  ["with an invisible character within", `${PASSWORD.slice(0, 5)}\u200b${PASSWORD.slice(5)}`],
];

const REQUEST_ID = "37c3199f7e6f421404d40dd82cb56b80";

describe("The message of a server", () => {
  it("is shown where it is a documented one", () => {
    assert.equal(documentedMessage("Internal service error."), "Internal service error");
    assert.equal(documentedMessage(" internal SERVICE error"), "Internal service error");
  });

  it("is cut off where a documented one ends", () => {
    const message = "The throttling threshold has been reached: policy ip over ratelimit,limit:5";
    assert.equal(documentedMessage(message), "The throttling threshold has been reached");
  });

  for (const value of ["Invalid value given", "", undefined, null, 7, ["Backend timeout"], { a: 1 }]) {
    it(`is not shown where it is ${JSON.stringify(value)}`, () => assert.equal(documentedMessage(value), ""));
  }
});

describe("The request ID of a server", () => {
  const { showRequestId } = redactorOf([undefined, "", "45934AF80681efd5", "x9-k2"]);

  for (const id of [REQUEST_ID, REQUEST_ID.toUpperCase(), "0b7c8d9e-1f2a-4b3c-8d4e-5f6a7b8c9d0e"]) {
    it(`is shown where it looks like one: ${id}`, () => assert.equal(showRequestId(id), id));
  }

  it("is shown without the region that IAM puts before it", () => {
    assert.equal(showRequestId(`token_cn-north-4_null_${REQUEST_ID}`), REQUEST_ID);
  });

  const others: [string, unknown][] = [
    ["too short", "99934af99"],
    ["no hexadecimal number", "not an ID"],
    ["more than one", `${REQUEST_ID} ${REQUEST_ID}`],
    ["no text", 7],
    ["one that holds a long part of a secret", "00000000000000000000000034af8068"],
    ["one that is a secret in hexadecimal digits", hex("0123456789-x9-k2").padEnd(32, "0")],
  ];
  for (const [what, id] of others) {
    it(`is not shown where it is ${what}`, () => assert.equal(showRequestId(id), ""));
  }
});

describe("The code of a server", () => {
  const { showCode } = redactorOf(["4063", "111400", "a password with DCS.4080 in it"]);

  for (const code of ["DCS.4080", "APIGW.0301", "IAM.0004", "111200101"]) {
    it(`is shown where it looks like one: ${code}`, () => assert.equal(showCode(code), code));
  }
  for (const code of ["DCS.4063", "111400080", "1114", "DCS.40800", "hunter2", 7, undefined]) {
    it(`is not shown where it holds a secret, or looks otherwise: ${code}`, () => {
      assert.equal(showCode(code), "");
    });
  }
});

describe("A DCS that repeats what it was sent", () => {
  const emulator = useEmulator();
  const create = (more = {}) => webCliLifecycle(emulator()).create(webCliInputs(emulator(), more));
  const refuse = (body: object) => emulator().fault({ on: "webcli.auth", do: { status: 400, body } });

  for (const [how, spelling] of SPELLINGS) {
    it(`does not get a password ${how} into an error`, async () => {
      refuse({ error_code: "DCS.9999", error_msg: `Invalid value ${spelling}` });
      const { message } = await rejection(create({ password: PASSWORD }));
      assert.match(
        message,
        /webcli\/auth answered 400 DCS\.9999( \(request ID \w+\))?\. The service rejected a value/,
      );
    });

    it(`does not get a password ${how} after a documented message, or as a code, into an error`, async () => {
      refuse({ error_code: spelling, error_msg: `API request error: ${spelling}`, request_id: spelling });
      const { message } = await rejection(create({ password: PASSWORD }));
      assert.match(
        message,
        /answered 400 "API request error"( \(request ID \w+\))?\. The service rejected a value/,
      );
    });
  }

  for (const password of ["1a2b3", "c0ffee", "1", "7291"]) {
    it(`does not get a short password into an error: ${password}`, async () => {
      const request_id = `${password}${REQUEST_ID}`.slice(0, 32);
      emulator().fault({
        on: "webcli.auth",
        do: {
          status: 400,
          body: { error_code: `DCS.${password}`, request_id },
          headers: { "x-request-id": request_id },
        },
      });
      const { message } = await rejection(create({ password }));
      assert.match(message, /webcli\/auth answered 400\. The service rejected a value/);
    });
  }

  it("does not get a credential into an error", async () => {
    const { accessKey, secretKey, authToken } = emulator();
    const withToken = { ...configOf(emulator()), "huaweicloud-sessions:authToken": authToken };
    for (const secret of [accessKey, secretKey, authToken]) {
      const config = secret === authToken ? withToken : configOf(emulator());
      refuse({
        error_code: secret.slice(0, 60),
        error_msg: `bad ${secret}`,
        request_id: secret.slice(0, 60),
      });
      const { message } = await rejection(webCliLifecycle(config).create(webCliInputs(emulator())));
      assert.match(message, /webcli\/auth answered 400( \(request ID \w+\))?\. The service rejected a value/);
    }
  });

  it("does not get the canonical request of the gateway into an error", async () => {
    refuse({
      error_code: "APIGW.9999",
      error_msg: "Incorrect IAM authentication information: verify fail,canonicalRequest:POST|/v2/x||host:y",
    });
    const { message } = await rejection(create());
    assert.match(message, /answered 400 APIGW\.9999 "Incorrect IAM authentication information"/);
    assert.doesNotMatch(message, /host:y/);
  });

  it("does not get a client ID into an error of the logout", async () => {
    const { id, outs } = await create();
    assert.ok(outs);
    const body = { error_code: "DCS.9999", error_msg: `no ${outs.clientId}`, request_id: outs.clientId };
    emulator().fault({ on: "webcli.logout", do: { status: 403, body } });
    const { message } = await rejection(webCliLifecycle(emulator()).delete(id, outs));
    assert.match(message, /webcli\/logout answered 403 DCS\.9999( \(request ID \w+\))?\. Grant/);
  });

  const echoes = ["SET apikey s3cr3t", "apikey", "s3cr3t", base64("s3cr3t"), "s3cr"];
  for (const echo of echoes) {
    it(`does not get the command into an error: ${echo}`, async () => {
      const inputs = await commandInputs(emulator(), { create: "SET apikey s3cr3t" });
      const body = { error_code: "DCS.9999", error_msg: `Invalid value ${echo}` };
      emulator().fault({ on: "webcli.command", do: { status: 400, body } });
      const { message } = await rejection(commandLifecycle(emulator()).create(inputs));
      assert.match(message, /webcli\/command answered 400 DCS\.9999( \(request ID \w+\))?\. The service/);
    });
  }

  it("has its request ID in an error, also where an argument of three characters is in it by chance", async () => {
    const inputs = await commandInputs(emulator(), { create: "SET ready 7c3" });
    const body = { error_code: "DCS.9999", request_id: REQUEST_ID };
    emulator().fault({ on: "webcli.command", do: { status: 400, body } });
    const { message } = await rejection(commandLifecycle(emulator()).create(inputs));
    assert.ok(message.includes(`webcli/command answered 400 DCS.9999 (request ID ${REQUEST_ID})`), message);
  });

  const LONG = `SET page ${Buffer.from(Array.from({ length: 375_000 }, (_, i) => (i * i) % 251)).toString("base64")}`;
  const repeated: [string, string][] = [
    ["of its beginning", LONG.slice(9, 30)],
    ["of its middle", LONG.slice(250_000, 250_020)],
    ["of its end", LONG.slice(-12)],
  ];
  for (const [what, part] of repeated) {
    it(`does not get a part of a command of 500 KB into an error: ${what}`, async () => {
      const inputs = await commandInputs(emulator(), { create: LONG });
      const body = { error_code: "DCS.9999", error_msg: `Invalid value ${part}` };
      emulator().fault({ on: "webcli.command", do: { status: 400, body } });
      const { message } = await rejection(commandLifecycle(emulator()).create(inputs));
      assert.match(message, /webcli\/command answered 400 DCS\.9999( \(request ID \w+\))?\. The service/);
    });
  }

  it("does not get a value that begins like a Redis error into an error", async () => {
    const inputs = await commandInputs(emulator(), { create: "GET note" });
    emulator().fault({ on: "webcli.command", do: { body: { response: "ERR my secret note" } } });
    const { message } = await rejection(commandLifecycle(emulator()).create(inputs));
    assert.match(message, /: Redis answered ERR\. Correct the command/);
  });

  it("does not get a page into an error", async () => {
    refuse({ error_msg: `<p>Unavailable</p>${"x".repeat(1_000)}` });
    const { message } = await rejection(create());
    assert.ok(message.length < 700);
    emulator().fault({ on: "webcli.auth", do: { status: 403, body: "<html>Blocked</html>" } });
    assert.doesNotMatch((await rejection(create())).message, /Blocked/);
  });
});
