import assert from "node:assert/strict";
import { Agent } from "node:http";
import { field, openWebCli, post, type Received, type Signing, send, webCliPath } from "../../support/client";
import { useClockedEmulator } from "../../support/emulator";

describe("emulator: DCS Web CLI", () => {
  const emulator = useClockedEmulator();

  const call = (name: string, body: unknown, signing: Signing = {}): Promise<Received> =>
    post(emulator(), webCliPath(emulator(), name), body, { at: emulator.now, ...signing });
  const command = (clientId: string, text: string, rest: object = {}): Promise<Received> =>
    call("command", { client_id: clientId, command: text, ...rest });

  function assertError(received: Received, status: number, code: string): void {
    assert.equal(received.status, status, received.text);
    const { error_code, error_msg, error_ext_msg, ...rest } = JSON.parse(received.text);
    assert.deepEqual([error_code, typeof error_msg, error_ext_msg, rest], [code, "string", null, {}]);
  }

  it("logs in with a client id of 48 hex digits and the number of databases", async () => {
    const received = await call("auth", { password: emulator().redisPassword });
    assert.equal(received.status, 200);
    assert.match(field(received, "client_id"), /^[0-9a-f]{48}$/);
    assert.equal(JSON.parse(received.text).databases, 256);
    assert.match(String(received.headers["x-request-id"]), /^[0-9a-f]{32}$/);
  });

  it("runs a command in the session", async () => {
    const received = await command(await openWebCli(emulator()), "PING");
    assert.deepEqual([received.status, received.text], [200, '{"response":"PONG"}']);
  });

  it("logs out with a 204 and no body, once", async () => {
    const clientId = await openWebCli(emulator());
    const received = await call("logout", { client_id: clientId });
    assert.deepEqual([received.status, received.text], [204, ""]);
    assertError(await call("logout", { client_id: clientId }), 400, "111400063");
    const { open, ...counts } = emulator().sessions().webCli;
    assert.deepEqual([open, counts], [[], { opened: 1, closed: 1, expired: 0 }]);
  });

  it("answers 204 for a client id that has ended, where so asked", async () => {
    await emulator.start({ goneLogout: 204 });
    assert.equal((await call("logout", { client_id: "0".repeat(48) })).status, 204);
    assert.equal(emulator().sessions().webCli.closed, 0);
  });

  it("shows none of its instances to another account", async () => {
    const keys = emulator().makeForeignKeys();
    assertError(await call("auth", { password: emulator().redisPassword }, keys), 404, "111404022");
  });

  it("keeps the sessions of another project's instance apart", async () => {
    const other = { ...emulator(), ...emulator().makeProject() };
    const clientId = await openWebCli(other);
    assertError(await command(clientId, "PING"), 400, "111400063");
    const logout = await post(other, webCliPath(other, "logout"), { client_id: clientId });
    assert.equal(logout.status, 204);
  });

  it("refuses the project's token in another project", async () => {
    const other = { ...emulator(), ...emulator().makeProject() };
    const headers = { "x-auth-token": other.authToken };
    const received = await send(`${other.url}${webCliPath(other, "auth")}`, { method: "POST", headers });
    assertError(received, 401, "111401004");
  });

  it("ends nothing when a logout names no session", async () => {
    await openWebCli(emulator());
    assert.equal((await call("logout", {})).status, 204);
    assert.equal(emulator().sessions().webCli.open.length, 1);
  });

  it("refuses a command in a session that has ended or never was", async () => {
    const clientId = await openWebCli(emulator());
    await call("logout", { client_id: clientId });
    assertError(await command(clientId, "PING"), 400, "111400063");
    assertError(await command("0".repeat(48), "PING"), 400, "111400063");
  });

  it("ends a session after 5 idle minutes; a command starts them anew", async () => {
    const clientId = await openWebCli(emulator());
    emulator.now += 299_000;
    assert.equal((await command(clientId, "PING")).status, 200);
    emulator.now += 299_000;
    assert.equal((await command(clientId, "PING")).status, 200);
    emulator.now += 300_000;
    assertError(await command(clientId, "PING"), 400, "111400063");
    assert.equal(emulator().sessions().webCli.expired, 1);
  });

  it("counts an idle session as expired when somebody only looks", async () => {
    await emulator.start({ idleSeconds: 10 });
    await openWebCli(emulator());
    emulator.now += 10_000;
    assert.deepEqual(emulator().sessions().webCli, { open: [], opened: 1, closed: 0, expired: 1 });
  });

  it("ends all sessions on expireSessions", async () => {
    const clientId = await openWebCli(emulator());
    emulator().expireSessions();
    assertError(await command(clientId, "PING"), 400, "111400063");
  });

  it("refuses a wrong or missing instance password", async () => {
    assertError(await call("auth", { password: "wrong" }), 400, "111400080");
    assertError(await call("auth", {}), 400, "111400080");
  });

  it("lets in without a password where access is password-free, and refuses one", async () => {
    await emulator.start({ redisPassword: "" });
    assert.equal((await call("auth", {})).status, 200);
    assertError(await call("auth", { password: "any" }), 400, "111400850");
  });

  for (const name of ["auth", "command", "logout"]) {
    it(`refuses an empty body, text that is not JSON, and JSON that is no object: ${name}`, async () => {
      assertError(await call(name, ""), 400, "111400004");
      assertError(await call(name, "{"), 400, "111400005");
      assertError(await call(name, []), 400, "111400063");
    });
  }

  it("refuses parameters of the wrong type", async () => {
    const clientId = await openWebCli(emulator());
    assertError(await call("auth", { password: 1 }), 400, "111400063");
    assertError(await call("logout", { client_id: 1 }), 400, "111400063");
    assertError(await command(clientId, " "), 400, "111400063");
    assertError(await call("command", { client_id: clientId }), 400, "111400063");
    assertError(await call("command", { command: "PING" }), 400, "111400063");
    assertError(await command(clientId, "PING", { database: -1 }), 400, "111400063");
    assertError(await command(clientId, "PING", { database: "0" }), 400, "111400063");
  });

  it("checks the project: malformed, another one, a token of another one", async () => {
    const { projectId, instanceId } = emulator();
    const other = "0".repeat(32);
    const path = (project: string) => `/v2/${project}/instances/${instanceId}/webcli/auth`;
    assertError(await post(emulator(), path("nonsense"), {}), 400, "111400002");
    assertError(await post(emulator(), path(other), {}), 403, "111403003");
    const headers = { "X-Project-Id": other };
    assertError(await post(emulator(), path(projectId), {}, { headers }), 401, "111401004");
    const token = { "X-Auth-Token": emulator().authToken };
    const received = await send(emulator().url + path(other), {
      method: "POST",
      headers: token,
      body: "{}",
    });
    assertError(received, 401, "111401004");
  });

  it("checks the instance: malformed, another one, removed", async () => {
    const path = (instance: string) => `/v2/${emulator().projectId}/instances/${instance}/webcli/logout`;
    assertError(await post(emulator(), path("nonsense"), {}), 400, "111400061");
    assertError(await post(emulator(), path("11111111-2222-3333-4444-555555555555"), {}), 404, "111404022");
    const clientId = await openWebCli(emulator());
    emulator().removeInstance();
    assertError(await call("logout", { client_id: clientId }), 404, "111404022");
    assert.deepEqual(emulator().sessions().webCli, { open: [], opened: 1, closed: 0, expired: 1 });
  });

  it("spells its codes the other way where so asked", async () => {
    await emulator.start({ errorCodes: "dcs" });
    assertError(await call("auth", { password: "wrong" }), 400, "DCS.4080");
    assertError(await call("logout", { client_id: "x" }), 400, "DCS.4063");
    emulator().removeInstance();
    assertError(await call("auth", {}), 404, "DCS.3022");
  });

  it("opens and ends 1000 sessions at concurrency 64, and loses none", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 64 });
    try {
      const oneLife = async () => {
        const clientId = await openWebCli(emulator(), agent);
        assert.equal((await call("logout", { client_id: clientId }, { agent })).status, 204);
      };
      await Promise.all(Array.from({ length: 1000 }, oneLife));
      const { open, ...counts } = emulator().sessions().webCli;
      assert.deepEqual([open, counts], [[], { opened: 1000, closed: 1000, expired: 0 }]);
    } finally {
      agent.destroy();
    }
  });
});
