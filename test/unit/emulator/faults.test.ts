import assert from "node:assert/strict";
import { BadFault } from "../../../emulator";
import { get, openWebCli, post, run, send, webCliPath } from "../../support/client";
import { useEmulator } from "../../support/emulator";
import { getLogin, logIn, logOut, openCas } from "./casClient";

describe("emulator: faults", () => {
  const emulator = useEmulator();

  const auth = () => post(emulator(), webCliPath(emulator(), "auth"), { password: emulator().redisPassword });
  const opened = () => emulator().sessions().webCli.opened;

  it("answer in place of the service, without the work, as often as asked", async () => {
    const body = { error_code: "APIGW.0308", error_msg: "throttled", request_id: "1" };
    emulator().fault({
      on: "webcli.auth",
      times: 2,
      do: { status: 429, body, headers: { "Retry-After": "1" } },
    });
    for (let time = 0; time < 2; time += 1) {
      const received = await auth();
      assert.deepEqual([received.status, JSON.parse(received.text)], [429, body]);
      assert.equal(received.headers["retry-after"], "1");
    }
    assert.equal(opened(), 0);
    assert.equal((await auth()).status, 200);
  });

  it("strike once when no number is given, in the order they came", async () => {
    emulator().fault({ on: "webcli.auth", do: { status: 500 } });
    emulator().fault({ on: "webcli.auth", do: { status: 503, body: "text" } });
    const answers = [await auth(), await auth(), await auth()];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [500, 503, 200],
    );
    assert.equal(answers[1]?.text, "text");
  });

  it("wait, and then let the work go on", async () => {
    emulator().fault({ on: "webcli.auth", do: { delayMs: 30 } });
    assert.equal((await auth()).status, 200);
    assert.equal(opened(), 1);
  });

  it("wait, and then answer", async () => {
    emulator().fault({ on: "webcli.auth", do: { delayMs: 1, status: 504 } });
    assert.equal((await auth()).status, 504);
    assert.equal(opened(), 0);
  });

  it("cut the connection before the work", async () => {
    emulator().fault({ on: "webcli.auth", do: { drop: "before" } });
    await assert.rejects(auth(), { code: "ECONNRESET" });
    assert.equal(opened(), 0);
    assert.equal(emulator().requests().at(-1)?.status, undefined);
  });

  it("cut the connection after the work", async () => {
    emulator().fault({ on: "webcli.auth", do: { drop: "after" } });
    await assert.rejects(auth(), { code: "ECONNRESET" });
    assert.equal(opened(), 1);
  });

  it("leave other calls alone until they are cleared", async () => {
    emulator().fault({ on: "webcli.logout", do: { status: 500 } });
    const clientId = await openWebCli(emulator());
    assert.equal(await run(emulator(), clientId, "PING"), "PONG");
    emulator().clearFaults();
    const received = await post(emulator(), webCliPath(emulator(), "logout"), { client_id: clientId });
    assert.equal(received.status, 204);
  });

  it("tell the four CAS calls apart", async () => {
    const cookie = await openCas(emulator());
    const calls = {
      "cas.form": () => getLogin(emulator()),
      "cas.probe": () => getLogin(emulator(), { cookie }),
      "cas.login": () => logIn(emulator()),
      "cas.logout": () => logOut(emulator(), { cookie }),
    } as const;
    for (const on of ["cas.form", "cas.probe", "cas.login", "cas.logout"] as const) {
      emulator().fault({ on, do: { status: 418 } });
      assert.equal((await calls[on]()).status, 418, on);
    }
  });

  it("tell the calls of IAM and the metadata service apart", async () => {
    const put = () => send(`${emulator().metadataEndpoint}/meta-data/latest/api/token`, { method: "PUT" });
    const calls = [
      ["iam.projects", () => get(emulator(), "/v3/projects")],
      ["iam.idToken", () => post(emulator(), "/v3.0/OS-AUTH/id-token/tokens", {})],
      ["iam.securityTokens", () => post(emulator(), "/v3.0/OS-CREDENTIAL/securitytokens", {})],
      ["metadata.token", put],
      ["metadata.securityKey", () => get(emulator(), "/openstack/latest/securitykey")],
    ] as const;
    for (const [on, call] of calls) {
      emulator().fault({ on, do: { status: 418 } });
      assert.equal((await call()).status, 418, on);
    }
  });

  it("are refused when they make no sense", () => {
    assert.throws(() => emulator().fault({ on: "webcli.auth", do: {} }), BadFault);
    assert.throws(() => emulator().fault({ on: "webcli.auth", times: 0, do: { status: 500 } }), BadFault);
  });

  describe("over HTTP", () => {
    const url = () => `${emulator().url}/emulator/faults`;
    const inject = (body: string) =>
      send(url(), { method: "POST", headers: { "content-type": "application/json" }, body });

    it("are injected and cleared", async () => {
      assert.equal((await inject('{"on":"webcli.auth","times":2,"do":{"status":500}}')).status, 204);
      assert.equal((await auth()).status, 500);
      assert.equal((await send(url(), { method: "DELETE" })).status, 204);
      assert.equal((await auth()).status, 200);
    });

    const bad: Record<string, string> = {
      "{": "JSON object",
      "[]": "JSON object",
      '{"on":"nothing","do":{"status":500}}': "webcli\\.auth",
      '{"on":"cas.form"}': '"do"',
      '{"on":"cas.form","do":{}}': "at least one",
      '{"on":"cas.form","do":{"status":99}}': '"status"',
      '{"on":"cas.form","times":0.5,"do":{"status":500}}': '"times"',
      '{"on":"cas.form","do":{"delayMs":-1}}': '"delayMs"',
      '{"on":"cas.form","do":{"drop":"now"}}': '"drop"',
      '{"on":"cas.form","do":{"drop":"after","status":500}}': "not both",
      '{"on":"cas.form","do":{"headers":{"a":1}}}': '"headers"',
      '{"on":"cas.form","do":{"headers":{"a":"b\\nc"}}}': '"headers"',
      '{"on":"cas.form","do":{"state":500}}': '"state"',
      '{"on":"cas.form","time":1,"do":{"status":500}}': '"time"',
    };
    for (const [body, hint] of Object.entries(bad)) {
      it(`are refused with a sentence: ${body}`, async () => {
        const { status, text } = await inject(body);
        assert.equal(status, 400);
        const { error } = JSON.parse(text);
        assert.match(error, new RegExp(`${hint}.*\\.$`));
      });
    }
  });
});
