import assert from "node:assert/strict";
import { calls, useEmulator } from "../support/emulator";
import { casInputs, casLifecycle, QUICK, quickRuntime, useConnections } from "../support/lifecycles";
import { rejection } from "../support/rejection";

describe("A hostile CAS", () => {
  const emulator = useEmulator();
  const create = () => casLifecycle().create(casInputs(emulator()));
  const form = (inputs: string) =>
    `<form><input type="hidden" name="lt" value="LT-1"><input type="password" name="password">${inputs}</form>`;
  const sent = () => new URLSearchParams(emulator().requests().at(-1)?.body);

  it("may ask for a thousand hidden inputs to be sent back", async () => {
    const inputs = Array.from({ length: 1_000 }, (_, i) => `<input type="hidden" name="h${i}" value="${i}">`);
    emulator().fault({ on: "cas.form", do: { status: 200, body: form(inputs.join("")) } });
    await rejection(create());
    assert.equal(sent().get("h999"), "999");
  });

  it("does not choose what is sent as user name and password", async () => {
    const fakes =
      '<input type="hidden" name="username" value="evil"><input type="hidden" name="password" value="x">';
    emulator().fault({ on: "cas.form", do: { status: 200, body: form(fakes) } });
    await rejection(create());
    assert.deepEqual(sent().getAll("username"), [emulator().username]);
    assert.deepEqual(sent().getAll("password"), [emulator().password]);
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
    for (const status of [500, 200]) {
      emulator().fault({ on: "cas.login", do: { status, body: page } });
      const { message } = await rejection(create());
      assert.ok(!message.includes(emulator().password) && !message.includes("<"), message);
    }
  });

  it("is asked once where it redirects without end", async () => {
    const loop = { status: 302, headers: { Location: `${emulator().casUrl}/login` } };
    emulator().fault({ on: "cas.form", times: 100, do: loop });
    assert.match(
      (await rejection(create())).message,
      /answered 302 with something other than a CAS login form/,
    );
    assert.equal(emulator().requests().length, 1);
  });
});

describe("A wrong CAS password", () => {
  const emulator = useEmulator();
  const connections = useConnections();
  const lifecycle = () => casLifecycle(QUICK, quickRuntime({ connections: connections() }));
  const wrong = { password: "hunter2-secret" };

  it("is sent once for eight sessions, and all of them fail in the same words", async () => {
    const creates = Array.from({ length: 8 }, () => lifecycle().create(casInputs(emulator(), wrong)));
    const messages = await Promise.all(creates.map(async (create) => (await rejection(create)).message));
    assert.equal(new Set(messages).size, 1);
    assert.match(messages[0] ?? "", /the CAS rejected the login .* Check `username` and `password`\./);
    assert.deepEqual(calls(emulator()), ["cas.form", "cas.login"]);
  });

  it("does not stand in the way of the right one, or of another user", async () => {
    await rejection(lifecycle().create(casInputs(emulator(), wrong)));
    await lifecycle().create(casInputs(emulator()));
    await rejection(lifecycle().create(casInputs(emulator(), { ...wrong, username: "other" })));
    assert.equal(calls(emulator()).filter((call) => call === "cas.login").length, 3);
  });

  it("is found out once for each server", async () => {
    for (const casUrl of [emulator().casUrl, emulator().casUrl.replace("127.0.0.1", "localhost")]) {
      await rejection(lifecycle().create(casInputs(emulator(), { ...wrong, casUrl })));
    }
    assert.equal(calls(emulator()).filter((call) => call === "cas.login").length, 2);
  });
});

describe("A right CAS password", () => {
  const emulator = useEmulator();
  const connections = useConnections();
  const lifecycle = () => casLifecycle(QUICK, quickRuntime({ connections: connections() }));

  it("opens eight sessions at once", async () => {
    await Promise.all(Array.from({ length: 8 }, () => lifecycle().create(casInputs(emulator()))));
    assert.equal(emulator().sessions().cas.open.length, 8);
  });
});
