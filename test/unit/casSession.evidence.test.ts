import assert from "node:assert/strict";
import { useEmulator } from "../support/emulator";
import { type Exchange, LOGIN_FORM, pass, relay, serveFront } from "../support/front";
import { casInputs, casLifecycle, QUICK, SERVICE, SERVICES } from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers } from "../support/server";

/** Little time, where it is certain to run out. */
const SHORT = { ...QUICK, operationTimeout: 400 };

describe("Evidence that a CAS session has ended", () => {
  const emulator = useEmulator();
  afterEach(closeServers);
  const open = () => emulator().sessions().cas.open.length;

  /** Each time with what another process knows: nothing. */
  async function session(service: string | undefined, casUrl = emulator().casUrl) {
    const inputs = casInputs(emulator(), { service, casUrl });
    const { id, outs } = await casLifecycle().create(inputs);
    return { id, outs, inputs };
  }

  for (const [how, service] of SERVICES) {
    it(`is not the login form of another node, after the own one is drained, ${how}`, async () => {
      await emulator.start({ casNodes: 2 });
      const { id, outs, inputs } = await session(service);
      emulator().drainCasNode();
      assert.deepEqual(await casLifecycle().diff(id, outs, inputs), { changes: false });
      assert.deepEqual(await casLifecycle().read(id, outs), { id, props: outs });
      const { message } = await rejection(casLifecycle(SHORT).delete(id, outs));
      assert.match(
        message,
        /POST \/cas\/logout answered 200, and the login form that followed came from another node/,
      );
      assert.equal(open(), 1);
      emulator().restoreCasNodes();
      await casLifecycle().delete(id, outs);
      assert.equal(open(), 0);
    });

    it(`follows a cookie that changes with each request, ${how}`, async () => {
      await emulator.start({ casCookieRotates: true });
      const { id, outs, inputs } = await session(service);
      assert.deepEqual(await casLifecycle().diff(id, outs, inputs), { changes: false });
      assert.deepEqual(await casLifecycle().read(id, outs), { id, props: outs });
      await casLifecycle().delete(id, outs);
      assert.equal(open(), 0);
    });
  }

  it("follows a cookie that changes with each request to the end of a logout that has to be confirmed", async () => {
    await emulator.start({ casCookieRotates: true, confirmLogout: true });
    const { id, outs } = await session(SERVICE);
    await casLifecycle(SHORT).delete(id, outs);
    assert.equal(open(), 0);
  });

  it("follows a cookie that changes with an answer that breaks off after its head", async () => {
    const { url, behave } = await serveFront((await emulator.start({ casCookieRotates: true })).url);
    let probes = 0;
    behave(async ({ method, headers, forward, response }: Exchange) => {
      const answer = await forward();
      const isProbe = method === "GET" && headers.cookie?.includes("CASTGC=");
      if (!isProbe || probes++ !== 1) return relay(response, answer);
      response.writeHead(answer.status, { ...answer.headers, "content-length": 100 });
      response.write("<html>", () => response.destroy());
    });
    const { id, outs } = await session(SERVICE, `${url}/cas`);
    assert.equal(open(), 1);
    await casLifecycle().delete(id, outs);
    assert.equal(open(), 0);
  });

  it("is the login form that comes with a new HTTP session of the same node", async () => {
    const { url, behave } = await serveFront(emulator().url);
    const { id, outs } = await session(SERVICE, `${url}/cas`);
    assert.match(outs.cookies ?? "", /^casSessionId=/);
    behave(async (exchange: Exchange) => {
      const answer = await exchange.forward();
      const cookies = [...(answer.headers["set-cookie"] ?? []), "casSessionId=fresh; Path=/cas/"];
      relay(exchange.response, { ...answer, headers: { ...answer.headers, "set-cookie": cookies } });
    });
    await casLifecycle().delete(id, outs);
    assert.equal(open(), 0);
  });

  it("is not the end of a session whose logout opens another one, until that has ended too", async () => {
    const { url, behave } = await serveFront(emulator().url);
    const { id, outs } = await session(SERVICE, `${url}/cas`);
    const revived = await session(SERVICE);
    let logouts = 0;
    behave(async (exchange: Exchange) => {
      const answer = await exchange.forward();
      if (exchange.method === "GET" || logouts++ > 0) return relay(exchange.response, answer);
      const cookies = [`${revived.outs.ticketGrantingCookie}; Path=/cas/`];
      relay(exchange.response, { ...answer, headers: { ...answer.headers, "set-cookie": cookies } });
    });
    await casLifecycle().delete(id, outs);
    assert.deepEqual([logouts, open()], [2, 0]);
  });

  it("is not the end of a cookie that a stranger in front set by the session's name", async () => {
    const { url, behave } = await serveFront(emulator().url);
    const { id, outs } = await session(SERVICE, `${url}/cas`);
    behave((exchange: Exchange) =>
      exchange.method === "POST"
        ? exchange.response.setHeader("Set-Cookie", "CASTGC=of-the-stranger").end("<h1>Bye</h1>")
        : pass(exchange),
    );
    const lifecycle = casLifecycle(SHORT);
    assert.match((await rejection(lifecycle.delete(id, outs))).message, /but the session is still alive/);
    behave(pass);
    await lifecycle.delete(id, outs);
    assert.equal(open(), 0);
  });

  const inert: [string, string][] = [
    ...["template", "noscript", "xmp", "noembed", "textarea", "title", "iframe"].map(
      (tag): [string, string] => [`in <${tag}>`, `<${tag}>${LOGIN_FORM}</${tag}>`],
    ),
    ["in the srcdoc of a frame", `<iframe srcdoc='${LOGIN_FORM}'></iframe>`],
    ["in a comment", `<!-- ${LOGIN_FORM} -->`],
    ["in a hidden part", `<div hidden><div></div>${LOGIN_FORM}</div>`],
    ["hidden itself", LOGIN_FORM.replace("<form>", "<form hidden>")],
    ["without a password field that is shown", LOGIN_FORM.replace('name="password"', "hidden")],
  ];
  for (const [where, page] of inert) {
    it(`is not a login form ${where}, on a page that a live session gets`, async () => {
      const { url, behave } = await serveFront(emulator().url);
      const { id, outs, inputs } = await session(undefined, `${url}/cas`);
      const mine = outs.ticketGrantingCookie;
      behave((exchange: Exchange) =>
        exchange.method === "GET" && exchange.headers.cookie?.includes(mine)
          ? exchange.response.end(`<h1>Welcome</h1>${page}`)
          : pass(exchange),
      );
      assert.deepEqual(await casLifecycle().diff(id, outs, inputs), { changes: false });
    });
  }

  it("is not what a service shows that asks for the password each time", async () => {
    await emulator.start({ casService: "no-sso" });
    const { outs, id } = await session(undefined);
    const state = { ...outs, service: SERVICE, probeIsReliable: undefined };
    assert.deepEqual(await casLifecycle().read(id, state), { id, props: state });
    await casLifecycle().delete(id, state);
    assert.equal(open(), 0);
  });
});

describe("The login form that is filled in", () => {
  const emulator = useEmulator();
  afterEach(closeServers);

  it("is the one that is shown, and not one in an inert place before it", async () => {
    const decoy =
      '<template><form><input type="hidden" name="lt" value="decoy"><input type="password"></form></template>';
    const front = await serveFront(emulator().url, async (exchange: Exchange) => {
      const answer = await exchange.forward();
      const body = Buffer.from(answer.body.toString().replace("<body>", `<body>${decoy}`));
      relay(exchange.response, { ...answer, body });
    });
    await casLifecycle().create(casInputs(emulator(), { casUrl: `${front.url}/cas` }));
  });
});
