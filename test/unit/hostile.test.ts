import assert from "node:assert/strict";
import { useEmulator } from "../support/emulator";
import { casInputs, casLifecycle, webCliInputs, webCliLifecycle } from "../support/lifecycles";
import { rejection } from "../support/rejection";

describe("A hostile DCS", () => {
  const emulator = useEmulator();
  const create = () => webCliLifecycle(emulator()).create(webCliInputs(emulator()));
  const password = () => emulator().redisPassword;

  const logIns: [string, unknown][] = [
    ["text that is no JSON", "<html>welcome</html>"],
    ["JSON that is no object", "[1]"],
    ["no client_id", { databases: 16 }],
    ["a client_id of another type", { client_id: 7, databases: 16 }],
    ["an empty client_id", { client_id: "", databases: 16 }],
  ];
  for (const [what, body] of logIns) {
    it(`fails a log-in that answers ${what}`, async () => {
      emulator().fault({ on: "webcli.auth", do: { status: 200, body } });
      assert.match((await rejection(create())).message, /answered 200 without a client_id\. .*idle time-out/);
    });
  }

  for (const databases of ["16", 1.5, null]) {
    it(`logs out again after a log-in with ${JSON.stringify(databases)} databases`, async () => {
      emulator().fault({ on: "webcli.auth", do: { status: 200, body: { client_id: "c1", databases } } });
      await rejection(create());
      const [, logout] = emulator().requests();
      assert.equal(logout?.body, '{"client_id":"c1"}');
    });
  }

  it("does not get its echo of secrets into an error", async () => {
    const { accessKey, secretKey } = emulator();
    const echo = `bad ${password()} of ${accessKey}, ${encodeURIComponent(password())}`;
    const faults = [
      { error_code: "111400063", error_msg: echo },
      { error_code: password(), error_msg: `verify fail,canonicalRequest:POST ${secretKey}` },
      { error_code: "111400063", error_msg: JSON.stringify({ password: password() }), request_id: accessKey },
    ];
    for (const body of faults) {
      emulator().fault({ on: "webcli.auth", do: { status: 400, body } });
      const { message } = await rejection(create());
      for (const secret of [password(), accessKey, secretKey, encodeURIComponent(password())]) {
        assert.ok(!message.includes(secret), message);
      }
    }
  });

  it("does not get the echo of a client id into an error of the log-out", async () => {
    const { outs } = await create();
    assert.ok(outs);
    const body = { error_code: "DCS.2003", error_msg: `no ${outs.clientId}`, request_id: outs.clientId };
    emulator().fault({ on: "webcli.logout", do: { status: 403, body } });
    const { message } = await rejection(webCliLifecycle(emulator()).delete("", outs));
    assert.match(message, /answered 403 DCS\.2003 "no \[secret\]" \(request id \[secret\]\)/);
  });

  it("gets neither line breaks nor a page into an error", async () => {
    const error_msg = `first\r\nsecond\u001b[31m${"x".repeat(1_000)}`;
    emulator().fault({ on: "webcli.auth", do: { status: 400, body: { error_msg } } });
    const { message } = await rejection(create());
    assert.doesNotMatch(message, /\p{Cc}/u);
    assert.ok(message.length < 700);
  });
});

describe("A hostile CAS", () => {
  const emulator = useEmulator();
  const create = () => casLifecycle().create(casInputs(emulator()));

  it("may want a thousand hidden inputs back", async () => {
    const inputs = Array.from({ length: 1_000 }, (_, i) => `<input type="hidden" name="h${i}" value="${i}">`);
    const body = `<form><input type="password" name="password">${inputs.join("")}</form>`;
    emulator().fault({ on: "cas.form", do: { status: 200, body } });
    await rejection(create());
    assert.equal(new URLSearchParams(emulator().requests().at(-1)?.body).get("h999"), "999");
  });

  it("does not choose what is sent as user name and password", async () => {
    const fakes =
      '<input type="hidden" name="username" value="evil"><input type="hidden" name="password" value="x">';
    const body = `<form><input type="password" name="password">${fakes}</form>`;
    emulator().fault({ on: "cas.form", do: { status: 200, body } });
    await rejection(create());
    const sent = new URLSearchParams(emulator().requests().at(-1)?.body);
    assert.deepEqual(sent.getAll("username"), [emulator().username]);
    assert.deepEqual(sent.getAll("password"), [emulator().password]);
  });

  it("may set its cookies with odd attributes", async () => {
    const odd = "CASTGC=TGT-1; PATH=/cas/;;HttpOnly ; sAmEsItE=weird; Expires=soon; Max-Age=abc; Domain=";
    emulator().fault({ on: "cas.login", do: { status: 200, headers: { "Set-Cookie": odd } } });
    emulator().fault({ on: "cas.probe", times: 4, do: { status: 204 } });
    const { outs } = await create();
    assert.equal(outs?.ticketGrantingCookie, "CASTGC=TGT-1");
  });

  it("does not get its page into an error", async () => {
    const page = `<form><input type="password"><input type="hidden" name="p" value="${emulator().password}"></form>`;
    for (const status of [200, 401, 500]) {
      emulator().fault({ on: "cas.login", do: { status, body: page } });
      const { message } = await rejection(create());
      assert.ok(!message.includes(emulator().password) && !message.includes("<"), message);
    }
  });

  it("that redirects for ever is asked once", async () => {
    const loop = { status: 302, headers: { Location: `${emulator().casUrl}/login` } };
    emulator().fault({ on: "cas.form", times: 100, do: loop });
    assert.match((await rejection(create())).message, /answered 302, which is no log-in form/);
    assert.equal(emulator().requests().length, 1);
  });
});
