import assert from "node:assert/strict";
import type { Emulator } from "../../emulator";
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

const REQUEST_ID = "37c3199f7e6f421404d40dd82cb56b80";
const hex = (text: string) => Buffer.from(text).toString("hex");

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
  const logIn = (more = {}, from: Emulator | ReturnType<typeof configOf> = emulator()) =>
    webCliLifecycle(from).create(webCliInputs(emulator(), more));
  const run = async (create: string) =>
    commandLifecycle(emulator()).create(await commandInputs(emulator(), { create }));
  const refuse = (on: "webcli.auth" | "webcli.command" | "webcli.logout", body: object) =>
    emulator().fault({ on, do: { status: 403, body } });

  const PASSWORD = `p&ss/w"rd <ö> +1'x`;
  const spellings: [string, string][] = [
    ["as it is", PASSWORD],
    ["in JSON", JSON.stringify(PASSWORD)],
    ["percent-encoded", encodeURIComponent(PASSWORD)],
    ["in HTML", Array.from(PASSWORD, (char) => `&#${char.charCodeAt(0)};`).join("")],
    ["in base64", Buffer.from(PASSWORD).toString("base64")],
    ["in hexadecimal digits", hex(PASSWORD)],
    ["cut short", PASSWORD.slice(0, 7)],
  ];
  for (const [how, spelling] of spellings) {
    it(`does not get a password ${how} into an error`, async () => {
      const error_msg = `API request error: ${spelling}`;
      refuse("webcli.auth", { error_code: spelling, error_msg, request_id: spelling });
      const { message } = await rejection(logIn({ password: PASSWORD }));
      assert.match(message, /webcli\/auth answered 403 "API request error"( \(request ID \w+\))?\. Grant/);
    });
  }

  // Each looks like a request ID, so that only who knows what is secret can tell.
  const secrets: [string, () => Promise<[secret: string, failed: Promise<unknown>]>][] = [
    [
      "password",
      async () => {
        refuse("webcli.auth", { request_id: REQUEST_ID });
        return [REQUEST_ID, logIn({ password: REQUEST_ID })];
      },
    ],
    [
      "short password",
      async () => {
        refuse("webcli.auth", { error_code: "DCS.7291", request_id: `7291${REQUEST_ID}`.slice(0, 32) });
        return ["7291", logIn({ password: "7291" })];
      },
    ],
    ...["accessKey", "secretKey", "authToken"].map((name): (typeof secrets)[number] => [
      name,
      async () => {
        refuse("webcli.auth", { request_id: REQUEST_ID });
        const config = { ...configOf(emulator()), [`huaweicloud-sessions:${name}`]: REQUEST_ID };
        return [REQUEST_ID, logIn({}, config)];
      },
    ]),
    [
      "client ID",
      async () => {
        const { id, outs } = await logIn();
        const request_id = outs.clientId.slice(0, 32);
        refuse("webcli.logout", { request_id });
        return [request_id, webCliLifecycle(emulator()).delete(id, outs)];
      },
    ],
    [
      "command's argument",
      async () => {
        refuse("webcli.command", { request_id: REQUEST_ID });
        return [REQUEST_ID, run(`SET apikey ${REQUEST_ID}`)];
      },
    ],
  ];
  for (const [what, fail] of secrets) {
    it(`does not get a ${what} into an error in place of its request ID`, async () => {
      const [secret, failed] = await fail();
      const { message } = await rejection(failed);
      assert.match(message, /answered 403( \(request ID \w+\))?\. Grant/);
      assert.ok(!message.includes(secret), message);
    });
  }

  it("has its request ID in an error, also where an argument of three characters is in it by chance", async () => {
    refuse("webcli.command", { error_code: "DCS.9999", request_id: REQUEST_ID });
    const { message } = await rejection(run("SET ready 7c3"));
    assert.ok(message.includes(`webcli/command answered 403 DCS.9999 (request ID ${REQUEST_ID})`), message);
  });

  it("does not get the canonical request of the gateway into an error", async () => {
    const error_msg =
      "Incorrect IAM authentication information: verify fail,canonicalRequest:POST|/v2/x||host:y";
    refuse("webcli.auth", { error_code: "APIGW.9999", error_msg });
    const { message } = await rejection(logIn());
    assert.match(message, /answered 403 APIGW\.9999 "Incorrect IAM authentication information"/);
    assert.doesNotMatch(message, /host:y/);
  });

  it("does not get a value that begins like a Redis error into an error", async () => {
    emulator().fault({ on: "webcli.command", do: { body: { response: "ERR my secret note" } } });
    const { message } = await rejection(run("GET note"));
    assert.match(message, /: Redis answered ERR\. Correct the command/);
  });

  it("does not get a page into an error", async () => {
    emulator().fault({ on: "webcli.auth", do: { status: 403, body: "<html>Blocked</html>" } });
    assert.doesNotMatch((await rejection(logIn())).message, /Blocked/);
  });
});
