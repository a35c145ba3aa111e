import assert from "node:assert/strict";
import { hasForm, openWebCli, post, run, send, webCliPath } from "../../support/client";
import { useEmulator } from "../../support/emulator";
import { answerForm, getLogin, openCas } from "./casClient";

describe("emulator: the server", () => {
  const emulator = useEmulator();

  it("counts the sessions of both services over HTTP", async () => {
    const clientId = await openWebCli(emulator());
    const ticket = (await openCas(emulator())).replace("CASTGC=", "");
    const { status, text } = await send(`${emulator().url}/emulator/sessions`);
    assert.equal(status, 200);
    assert.deepEqual(JSON.parse(text), {
      webCli: { open: [clientId], opened: 1, closed: 0, expired: 0 },
      cas: { open: [ticket], opened: 1, closed: 0, expired: 0 },
    });
  });

  it("remembers what it received, in order", async () => {
    await openWebCli(emulator());
    await getLogin(emulator());
    const [auth, form, ...others] = emulator().requests();
    assert.deepEqual(others, []);
    assert.deepEqual([auth?.on, auth?.method, auth?.status], ["webcli.auth", "POST", 200]);
    assert.equal(auth?.path, webCliPath(emulator(), "auth"));
    assert.equal(auth?.body, JSON.stringify({ password: emulator().redisPassword }));
    assert.match(String(auth?.headers.authorization), /^SDK-HMAC-SHA256 /);
    assert.deepEqual([form?.on, form?.path, form?.status], ["cas.form", "/cas/login", 200]);
  });

  it("remembers only the newest when it is told so", async () => {
    await emulator.start({ history: 1 });
    await openWebCli(emulator());
    await getLogin(emulator());
    assert.deepEqual(
      emulator()
        .requests()
        .map(({ on }) => on),
      ["cas.form"],
    );
  });

  it("remembers nothing of what it refuses: another host, a foreign page, a fault that is not JSON", async () => {
    const body = "x".repeat(1024 * 1024);
    const faults = `${emulator().url}/emulator/faults`;
    for (const [headers, status] of [
      [{ host: "rebound.example" }, 421],
      [{ origin: "https://evil.example", "content-type": "application/json" }, 403],
      [{ "content-type": "text/plain" }, 415],
    ] as const) {
      assert.equal((await send(faults, { method: "POST", headers, body })).status, status);
    }
    assert.deepEqual(emulator().requests(), []);
  });

  it("remembers at most 64 MiB, the newest", async () => {
    const body = "x".repeat(1024 * 1024);
    for (let at = 0; at < 70; at += 1) {
      const { status } = await send(`${emulator().url}/unknown/${at}`, { method: "POST", body });
      assert.equal(status, 404);
    }
    const remembered = emulator()
      .requests()
      .map(({ path }) => path);
    assert.deepEqual(
      remembered,
      Array.from({ length: 63 }, (_, at) => `/unknown/${at + 7}`),
    );
  });

  it("answers 404 for a path that it does not have, and 405 for a method", async () => {
    assert.equal((await send(`${emulator().casUrl}/nothing`)).status, 404);
    assert.equal((await send(`${emulator().casUrl}/%zz`)).status, 404);
    assert.equal((await send(`${emulator().url}/emulator/nothing`)).status, 404);
    const wrong = await send(`${emulator().casUrl}/logout`, { method: "DELETE" });
    assert.deepEqual([wrong.status, wrong.headers.allow], [405, "GET, POST"]);
  });

  for (const host of ["localhost", "LOCALHOST:80", "127.0.0.1", "127.9.9.9:1", "[::1]:8800"]) {
    it(`answers to the host ${host}`, async () => {
      assert.equal((await send(`${emulator().casUrl}/login`, { headers: { host } })).status, 200);
    });
  }

  for (const host of ["rebound.example", "localhost.example", "127.0.0.1.example:80", "10.0.0.1", "[::2]"]) {
    it(`refuses the host ${host} for every path, with a sentence`, async () => {
      for (const path of [
        "/",
        "/emulator/overview",
        "/emulator/sessions",
        "/cas/login",
        "/v3/projects",
        "/nothing",
      ]) {
        const { status, text } = await send(emulator().url + path, { headers: { host } });
        assert.deepEqual([status, text.includes("only to localhost")], [421, true], path);
      }
    });
  }

  for (const origin of ["https://evil.example", "http://localhost:1", "null"]) {
    it(`lets no page of the origin ${origin} use the control API`, async () => {
      const headers = { origin, "content-type": "application/json" };
      const body = '{"on":"cas.form","do":{"body":"<script>"}}';
      const faults = `${emulator().url}/emulator/faults`;
      assert.equal((await send(faults, { method: "POST", headers, body })).status, 403);
      assert.equal((await send(faults, { method: "DELETE", headers })).status, 403);
      for (const path of ["/", "/emulator/overview", "/emulator/sessions"]) {
        assert.equal((await send(emulator().url + path, { headers })).status, 403, path);
      }
      assert.ok(hasForm(await getLogin(emulator())));
    });
  }

  it("lets a page of its own origin use the control API", async () => {
    const headers = { origin: emulator().url };
    assert.equal((await send(`${emulator().url}/emulator/sessions`, { headers })).status, 200);
  });

  it("serves a page that loads nothing else, is in no frame, and is not remembered as a request", async () => {
    const { status, headers, text } = await send(emulator().url);
    assert.deepEqual([status, headers["content-type"]], [200, "text/html;charset=UTF-8"]);
    assert.match(text, /<title>Huawei Cloud sessions emulator<\/title>/);
    const policy = String(headers["content-security-policy"]);
    assert.match(policy, /^default-src 'none';.*connect-src 'self'; frame-ancestors 'none'$/);
    await send(`${emulator().url}/emulator/overview`);
    assert.deepEqual(emulator().requests(), []);
  });

  it("takes a fault only as application/json", async () => {
    const url = `${emulator().url}/emulator/faults`;
    const body = '{"on":"cas.form","do":{"status":500}}';
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "text/plain; application/json"]) {
      const { status, text } = await send(url, { method: "POST", headers: { "content-type": type }, body });
      assert.deepEqual([status, typeof JSON.parse(text).error], [415, "string"]);
    }
    assert.equal((await send(url, { method: "POST", body })).status, 415);
    const headers = { "content-type": "application/json; charset=utf-8" };
    assert.equal((await send(url, { method: "POST", headers, body })).status, 204);
  });

  it("answers 413 for a body beyond 1 MB", async () => {
    const body = "x".repeat(1024 * 1024 + 1);
    const received = await post(emulator(), webCliPath(emulator(), "auth"), body);
    assert.equal(received.status, 413);
    assert.equal(received.headers.connection, "close");
  });

  it("comes back from a restart at its address with its sessions, but without its forms", async () => {
    const { url } = emulator();
    const clientId = await openWebCli(emulator());
    const cookie = await openCas(emulator());
    const form = await getLogin(emulator());
    await emulator().restart();
    assert.equal(emulator().url, url);
    assert.equal(await run(emulator(), clientId, "PING"), "PONG");
    assert.equal(hasForm(await getLogin(emulator(), { cookie })), false);
    assert.ok(hasForm(await answerForm(emulator(), form)));
  });

  it("cuts a request that waits when it closes, and can be closed twice", async () => {
    emulator().fault({ on: "cas.form", do: { delayMs: 60_000 } });
    const waiting = assert.rejects(getLogin(emulator()), { code: "ECONNRESET" });
    while (emulator().requests().length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await emulator().close();
    await waiting;
    await emulator().close();
  });

  it("takes the IDs and credentials it is given", async () => {
    const given = {
      region: "eu-nl",
      accessKey: "AK",
      secretKey: "SK",
      authToken: "token",
      idpId: "idp",
      idToken: "id token",
      projectId: "0123456789abcdef0123456789abcdef",
      instanceId: "11111111-2222-3333-4444-555555555555",
      redisPassword: "redis",
      username: "user",
      password: "pass",
    };
    await emulator.start(given);
    assert.deepEqual({ ...emulator(), ...given }, { ...emulator() });
    await openWebCli(emulator());
    assert.match(await openCas(emulator()), /^CASTGC=/);
  });
});
