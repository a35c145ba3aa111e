import assert from "node:assert";
import { X509Certificate } from "node:crypto";
import { BadOption, type Emulator, type EmulatorOptions, startEmulator } from "../../../emulator/index";
import { hasForm, openWebCli, post, run, send, webCliPath } from "../../support/client";
import { answerForm, getLogin, openCas } from "./cas-client";

describe("emulator: the server", () => {
  let emulator: Emulator;

  async function start(options: EmulatorOptions = {}): Promise<void> {
    await emulator?.close();
    emulator = await startEmulator(options);
  }
  beforeEach(() => start());
  afterEach(() => emulator.close());

  it("counts the sessions of both services over HTTP", async () => {
    const clientId = await openWebCli(emulator);
    const ticket = (await openCas(emulator)).replace("CASTGC=", "");
    const { status, text } = await send(`${emulator.url}/emulator/sessions`);
    assert.strictEqual(status, 200);
    assert.deepStrictEqual(JSON.parse(text), {
      webCli: { open: [clientId], opened: 1, closed: 0, expired: 0 },
      cas: { open: [ticket], opened: 1, closed: 0, expired: 0 },
    });
  });

  it("remembers what it received, in order", async () => {
    await openWebCli(emulator);
    await getLogin(emulator);
    const [auth, form, ...others] = emulator.requests();
    assert.deepStrictEqual(others, []);
    assert.deepStrictEqual([auth?.on, auth?.method, auth?.status], ["webcli.auth", "POST", 200]);
    assert.strictEqual(auth?.path, webCliPath(emulator, "auth"));
    assert.strictEqual(auth?.body, JSON.stringify({ password: emulator.redisPassword }));
    assert.match(String(auth?.headers.authorization), /^SDK-HMAC-SHA256 /);
    assert.deepStrictEqual([form?.on, form?.path, form?.status], ["cas.form", "/cas/login", 200]);
  });

  it("remembers only the newest when it is told so", async () => {
    await start({ history: 1 });
    await openWebCli(emulator);
    await getLogin(emulator);
    assert.deepStrictEqual(
      emulator.requests().map(({ on }) => on),
      ["cas.form"],
    );
  });

  it("answers 404 for a path that it does not have, and 405 for a method", async () => {
    assert.strictEqual((await send(`${emulator.casUrl}/nothing`)).status, 404);
    assert.strictEqual((await send(`${emulator.url}/emulator/nothing`)).status, 404);
    const wrong = await send(`${emulator.casUrl}/logout`, { method: "DELETE" });
    assert.deepStrictEqual([wrong.status, wrong.headers.allow], [405, "GET, POST"]);
  });

  it("answers 413 for a body beyond 1 MB", async () => {
    const body = "x".repeat(1024 * 1024 + 1);
    const received = await post(emulator, webCliPath(emulator, "auth"), body);
    assert.strictEqual(received.status, 413);
    assert.strictEqual(received.headers.connection, "close");
  });

  it("serves TLS with a certificate for 127.0.0.1 and localhost", async () => {
    await start({ tls: true });
    assert.match(emulator.casUrl, /^https:\/\/127\.0\.0\.1:\d+\/cas$/);
    const certificate = new X509Certificate(emulator.caCertificate ?? "");
    assert.ok(certificate.checkIP("127.0.0.1") && certificate.checkHost("localhost"));
    assert.match(await openCas(emulator), /^CASTGC=/);
    await assert.rejects(send(`${emulator.casUrl}/login`), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  });

  it("comes back from a restart at its address with its sessions, but without its forms", async () => {
    const { url } = emulator;
    const clientId = await openWebCli(emulator);
    const cookie = await openCas(emulator);
    const form = await getLogin(emulator);
    await emulator.restart();
    assert.strictEqual(emulator.url, url);
    assert.strictEqual(await run(emulator, clientId, "PING"), "PONG");
    assert.strictEqual(hasForm(await getLogin(emulator, { cookie })), false);
    assert.ok(hasForm(await answerForm(emulator, form)));
  });

  it("cuts a request that waits when it closes, and can be closed twice", async () => {
    emulator.fault({ on: "cas.form", do: { delayMs: 60_000 } });
    const waiting = assert.rejects(getLogin(emulator), { code: "ECONNRESET" });
    while (emulator.requests().length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await emulator.close();
    await waiting;
    await emulator.close();
  });

  const badOptions: EmulatorOptions[] = [
    { port: -1 },
    { port: 65_536 },
    { idleSeconds: 0 },
    { redis: "127.0.0.1:6379" },
    { redis: "http://127.0.0.1" },
    { projectId: "short" },
    { instanceId: "short" },
  ];
  for (const options of badOptions) {
    it(`does not start with ${JSON.stringify(options)}`, async () => {
      await assert.rejects(startEmulator(options), BadOption);
    });
  }

  it("takes the credentials it is given", async () => {
    const given = {
      accessKey: "AK",
      secretKey: "SK",
      projectId: "0123456789abcdef0123456789abcdef",
      instanceId: "11111111-2222-3333-4444-555555555555",
      redisPassword: "redis",
      username: "user",
      password: "pass",
      authToken: "token",
    };
    await start(given);
    const { accessKey, secretKey, projectId, instanceId, redisPassword, username, password, authToken } =
      emulator;
    const own = { accessKey, secretKey, projectId, instanceId, redisPassword, username, password, authToken };
    assert.deepStrictEqual(own, given);
    await openWebCli(emulator);
    assert.strictEqual(await openCas(emulator).then((cookie) => cookie.startsWith("CASTGC=")), true);
  });
});
