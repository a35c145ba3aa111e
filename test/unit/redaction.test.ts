import assert from "node:assert/strict";
import { redactorOf, showable } from "../../provider/api/http/redaction";
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

describe("The text of a server", () => {
  for (const [how, spelling] of SPELLINGS) {
    it(`is withheld as a whole when it repeats a password ${how}`, () => {
      assert.equal(showable(`Invalid value ${spelling} given`, [undefined, "", PASSWORD]), "");
    });
  }

  it("keeps an ID that shares a few characters with a secret by chance, and drops one that repeats it", () => {
    const { showId } = redactorOf(["45934af80681efd5"]);
    assert.equal(showId("99934af99"), "99934af99");
    assert.equal(showId("id-934af80681"), "");
    assert.equal(showId("not an ID"), "");
  });

  it("is shown where it repeats nothing", () => {
    assert.equal(
      showable("Invalid value given", [undefined, "", PASSWORD, "hunter2"]),
      "Invalid value given",
    );
    assert.equal(showable("Invalid value given", []), "Invalid value given");
  });

  it("is withheld when it repeats a short secret", () => {
    assert.equal(showable("Invalid value x9 given", ["x9"]), "");
  });

  it("keeps an ID that holds a secret of a few characters by chance", () => {
    for (const secret of ["1", "a1", "9f0"])
      assert.equal(redactorOf([secret]).showId("9f0a1b2c"), "9f0a1b2c");
  });

  it("is one line, without control characters and those that change the direction of a text", () => {
    const text = "first\r\nsecond\u001b[31m \u202ethird\u2066 \u2028fourth\ud800";
    assert.equal(showable(text, []), "first second [31m third fourth");
  });

  it("has at most 200 characters", () => {
    const shown = showable("x".repeat(1_000), []);
    assert.equal(shown, `${"x".repeat(199)}…`);
  });

  it("is read only at its beginning, however long it is", () => {
    for (const flood of [
      " ",
      "[",
      "&",
      "%",
      "</a>",
      "\\",
      "+",
      "canonicalRequest",
      "&amp;",
      "%25",
      "\\u005c",
    ]) {
      const text = `a${flood.repeat((2 * 1024 * 1024) / flood.length)}`;
      const shown = showable(text, [PASSWORD]);
      assert.ok(shown.length <= 200);
      assert.equal(shown, showable(text.slice(0, 1_000), [PASSWORD]));
    }
  });

  for (const value of [undefined, null, 7, ["a"], { a: 1 }]) {
    it(`is nothing where it is ${JSON.stringify(value)}`, () => assert.equal(showable(value, []), ""));
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
    refuse({ error_code: "APIGW.9999", error_msg: "verify fail,canonicalRequest:POST|/v2/x||host:y" });
    const { message } = await rejection(create());
    assert.match(message, /answered 400 APIGW\.9999 "verify fail,"/);
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

  it("has its request ID in an error, also where a short argument or password is in it by chance", async () => {
    const body = { error_code: "DCS.9999", request_id: "1f1e1d1abc" };
    const inputs = await commandInputs(emulator(), { create: "SET ready 1" });
    emulator().fault({ on: "webcli.command", do: { status: 400, body } });
    const ran = await rejection(commandLifecycle(emulator()).create(inputs));
    assert.match(ran.message, /webcli\/command answered 400 DCS\.9999 \(request ID 1f1e1d1abc\)/);
    refuse(body);
    const opened = await rejection(create({ password: "abc" }));
    assert.match(opened.message, /webcli\/auth answered 400 DCS\.9999 \(request ID 1f1e1d1abc\)/);
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
