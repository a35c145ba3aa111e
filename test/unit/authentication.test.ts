import assert from "node:assert/strict";
import type { Emulator, FaultAction } from "../../emulator";
import type { WebCliState } from "../../provider/lifecycle/webCliSession";
import { keysOf } from "../support/credentials";
import { refusals, requestsOn, useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { pass, relay, serveFront } from "../support/front";
import {
  type Config,
  configOf,
  QUICK,
  quickRuntime,
  useConnections,
  webCliInputs,
  webCliLifecycle,
} from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers, listenRaw, serve } from "../support/server";

const SECRET_KEY = "huaweicloud-sessions:secretKey";
const AUTH_TOKEN = "huaweicloud-sessions:authToken";

/** Makes lifecycles that know of the same connections, as in one process. */
function useOneProcess() {
  const connections = useConnections();
  return (from: Emulator | Config, timeouts = QUICK) =>
    webCliLifecycle(from, timeouts, quickRuntime({ timeouts, connections: connections() }));
}

describe("The credentials of a logout", () => {
  const lifecycleWith = useOneProcess();
  const emulator = useEmulator();
  const state = async () => {
    const { outs } = await lifecycleWith(emulator()).create(webCliInputs(emulator()));
    assert.ok(outs);
    return outs;
  };
  const wrong = () => ({ ...configOf(emulator()), [SECRET_KEY]: "notTheSecretKey" });
  /** As many logouts at once as Pulumi may start, with a wrong secret key. */
  const failTogether = async (outs: WebCliState) => {
    const lifecycle = lifecycleWith(wrong());
    await Promise.all(Array.from({ length: 8 }, () => rejection(lifecycle.delete("", outs))));
  };
  useEnvironment();
  afterEach(closeServers);

  it("are those of the environment after the configured ones are refused, which are not sent again", async () => {
    const outs = await state();
    const old = configOf(emulator());
    const { accessKey, secretKey } = emulator().rotateKeys();
    Object.assign(process.env, { HW_ACCESS_KEY: accessKey, HW_SECRET_KEY: secretKey });
    await lifecycleWith(old).delete("", outs);
    assert.equal(emulator().sessions().webCli.open.length, 0);

    await lifecycleWith(old).create(webCliInputs(emulator()));
    assert.equal(refusals(emulator()), 1);
  });

  it("are missing where all are refused, and the error says where to set others", async () => {
    const outs = await state();
    const lifecycle = lifecycleWith(emulator());
    const { accessKey } = emulator();
    emulator().rotateKeys();
    const { message } = await rejection(lifecycle.delete("", outs));
    assert.match(message, /answered 401 APIGW\.0301.*HW_ACCESS_KEY/);
    const sent = emulator().requests().length;
    const again = await rejection(lifecycle.delete("", outs));
    assert.match(
      again.message,
      /: no request was sent, because these credentials were rejected earlier in this run: the server answered 401 APIGW/,
    );
    assert.doesNotMatch(again.message, new RegExp(`${accessKey}|${outs.clientId}`));
    assert.equal(emulator().requests().length, sent);
  });

  it("are tried once while they are not known to be good, however many resources wait for them", async () => {
    await failTogether(await state());
    assert.equal(refusals(emulator()), 1);
  });

  it("are tried once, however slowly they are refused", async () => {
    const outs = await state();
    emulator().fault({ on: "webcli.logout", times: 8, do: { delayMs: 300 } });
    await failTogether(outs);
    assert.equal(refusals(emulator()), 1);
  });

  const tellingNothing: [string, FaultAction][] = [
    ["429", { status: 429 }],
    ["503", { status: 503 }],
    ["a broken connection", { drop: "before" }],
  ];
  for (const [what, action] of tellingNothing) {
    it(`are tried once more after ${what}, which tells nothing about them`, async () => {
      const outs = await state();
      emulator().fault({ on: "webcli.logout", do: action });
      await failTogether(outs);
      assert.equal(refusals(emulator()), 1);
    });
  }

  it("are refused at most twice, however many projects they are tried in", async () => {
    const outs = await state();
    const lifecycle = lifecycleWith(wrong());
    for (const projectId of ["p1", "p2", "p3", "p4"]) {
      await rejection(lifecycle.delete("", { ...outs, projectId }));
    }
    await Promise.all(
      ["p5", "p6"].map((projectId) => rejection(lifecycle.delete("", { ...outs, projectId }))),
    );
    assert.equal(refusals(emulator()), 2);
  });

  it("are refused at most twice, with however many secret keys one access key comes", async () => {
    const outs = await state();
    const HW_ACCESS_KEY = emulator().accessKey;
    Object.assign(process.env, { CLOUD_SDK_AK: HW_ACCESS_KEY, CLOUD_SDK_SK: "second" });
    Object.assign(process.env, { HUAWEICLOUD_SDK_AK: HW_ACCESS_KEY, HUAWEICLOUD_SDK_SK: "third" });
    Object.assign(process.env, { HW_ACCESS_KEY, HW_SECRET_KEY: "fourth" });
    await failTogether(outs);
    await rejection(lifecycleWith(wrong()).delete("", { ...outs, projectId: "another" }));
    assert.equal(refusals(emulator()), 2);
  });

  it("are good with their right secret key after a wrong one was refused", async () => {
    const outs = await state();
    Object.assign(process.env, keysOf(emulator()));
    await lifecycleWith(wrong()).delete("", outs);
    assert.equal(emulator().sessions().webCli.open.length, 0);
  });

  it("are not proved by a 404 of the gateway, which comes before it has looked at them", async () => {
    const outs = await state();
    const notFound = { status: 404, body: '{"error_code":"APIGW.0101"}' };
    emulator().fault({ on: "webcli.logout", do: notFound });
    await failTogether(outs);
    assert.equal(refusals(emulator()), 1);
  });

  it("are told to be refused without naming the request that showed it", async () => {
    const outs = await state();
    const lifecycle = lifecycleWith(wrong());
    await rejection(lifecycle.delete("", outs));
    const { message } = await rejection(lifecycle.delete("", { ...outs, instanceId: "another-instance" }));
    assert.match(message, /no request was sent, because these credentials were rejected earlier in this run/);
    assert.ok(!message.includes(outs.instanceId));
    assert.equal(refusals(emulator()), 1);
  });

  it("are refused at most twice, also where this machine's clock may be the reason", async () => {
    const outs = await state();
    const { url: endpoint, requests } = await serve((_, response) => {
      const date = new Date(Date.now() + 3 * 3_600_000).toUTCString();
      response.writeHead(401, { date }).end('{"error_code":"APIGW.0301"}');
    });
    const lifecycle = lifecycleWith(wrong());
    for (const projectId of ["p1", "p2", "p3"]) {
      await rejection(lifecycle.delete("", { ...outs, endpoint, projectId }));
    }
    assert.equal(requests().length, 2);
  });

  it("do not wait for a server that does not answer", async () => {
    const outs = await state();
    const timeouts = { ...QUICK, requestTimeout: 60_000, idleTimeout: 60_000 };
    const { url: endpoint } = await listenRaw(() => {});
    const caller = new AbortController();
    const hung = lifecycleWith(emulator(), timeouts).delete(
      "",
      { ...outs, endpoint },
      { signal: caller.signal },
    );
    await lifecycleWith(emulator()).delete("", outs);
    assert.equal(emulator().sessions().webCli.open.length, 0);
    caller.abort();
    await closeServers();
    await rejection(hung);
  });

  it("include AK/SK beside a token that is no longer valid", async () => {
    const outs = await state();
    await lifecycleWith({ ...configOf(emulator()), [AUTH_TOKEN]: "stale" }).delete("", outs);
    assert.equal(emulator().sessions().webCli.open.length, 0);
    assert.equal(refusals(emulator()), 1);
  });

  it("are signed again with the server's time, where this machine's clock is wrong", async () => {
    const outs = await state();
    const hours = 3 * 3_600_000;
    let ahead = 0;
    const front = await serveFront(emulator().url, async (exchange) => {
      const { response, headers, forward } = exchange;
      const signedAt = String(headers["x-sdk-date"]).replace(/(....)(..)(..T..)(..)(..Z)/, "$1-$2-$3:$4:$5");
      const late = Math.abs(Date.parse(signedAt) - (Date.now() + hours)) > 15 * 60_000;
      const date = new Date(Date.now() + hours).toUTCString();
      if (late) {
        response.writeHead(401, { date }).end('{"error_code":"APIGW.0301"}');
        return;
      }
      ahead += 1;
      const answer = await forward();
      relay(response, { ...answer, status: 204, headers: { date }, body: Buffer.alloc(0) });
    });
    const lifecycle = lifecycleWith(emulator());
    await lifecycle.delete("", { ...outs, endpoint: front.url });
    await lifecycle.delete("", { ...outs, endpoint: front.url });
    // The second logout is signed with the server's time from the beginning.
    assert.deepEqual([ahead, front.requests().length], [2, 3]);
  });

  it("stay signed with the server's time when the first answer to that is lost", async () => {
    const outs = await state();
    const hours = 3 * 3_600_000;
    const signed: string[] = [];
    const { url: endpoint } = await serve(({ headers, socket }, response) => {
      signed.push(String(headers["x-sdk-date"]).slice(0, 11));
      const date = new Date(Date.now() + hours).toUTCString();
      if (signed.length === 2) socket.resetAndDestroy();
      else response.writeHead(signed.length === 1 ? 401 : 204, { date }).end();
    });
    await lifecycleWith(emulator()).delete("", { ...outs, endpoint });
    const [first, ...others] = signed;
    assert.equal(others.length, 2);
    assert.ok(others.every((time) => time !== first));
  });

  it("are not signed again where the clock is right", async () => {
    const outs = await state();
    const front = await serveFront(emulator().url, pass);
    await rejection(lifecycleWith(wrong()).delete("", { ...outs, endpoint: front.url }));
    assert.equal(front.requests().length, 1);
  });
});

describe("The credentials of a login", () => {
  const lifecycleWith = useOneProcess();
  const emulator = useEmulator();
  useEnvironment();
  afterEach(closeServers);
  const create = (timeouts = QUICK, endpoint = emulator().dcsEndpoint) =>
    lifecycleWith(emulator(), timeouts).create(webCliInputs(emulator(), { endpoint }));

  it("are not sent when the wait for their turn left too little time for an answer", async () => {
    emulator().fault({ on: "webcli.auth", times: 2, do: { delayMs: 200 } });
    const patient = { ...QUICK, requestTimeout: 10_000, idleTimeout: 10_000, operationTimeout: 10_000 };
    const ahead = [create(patient), create(patient)];
    const { message } = await rejection(create({ ...patient, leastAnswerTime: 4_950 }));
    await Promise.all(ahead);
    assert.match(message, /was not sent, because too little time was left/);
    assert.doesNotMatch(message, /may have opened a session/);
    assert.equal(requestsOn(emulator(), "webcli.auth").length, 2);
  });
});

describe("The word of the DCS API that an instance is gone", () => {
  const lifecycleWith = useOneProcess();
  useEnvironment(() => ({ HW_AUTH_TOKEN: "token-of-another-account" }));
  afterEach(closeServers);

  /** A DCS API that refuses `expired`, and knows no instance of the project but those named. */
  async function serveAccount(...instances: string[]) {
    const { url } = await serve(({ headers, url: path = "" }, response) => {
      if (headers["x-auth-token"] === "expired") response.writeHead(401).end();
      else if (instances.includes(path.split("/")[4] ?? "")) response.writeHead(204).end();
      else response.writeHead(404).end('{"error_code":"111404022"}');
    });
    return url;
  }
  const stateOn = (endpoint: string, instanceId = "gone") => {
    return { endpoint, projectId: "p1", instanceId, clientId: "c1", openedAt: new Date().toISOString() };
  };
  const lifecycleOn = (endpoint: string, authToken: string) =>
    lifecycleWith({ "huaweicloud-sessions:dcsEndpoint": endpoint, [AUTH_TOKEN]: authToken });

  it("is believed where the first credentials hear it", async () => {
    const url = await serveAccount();
    await lifecycleOn(url, "valid").delete("", stateOn(url));
  });

  it("is not believed where others were refused before, whose account may see the instance", async () => {
    const url = await serveAccount();
    const lifecycle = lifecycleOn(url, "expired");
    const { message } = await rejection(lifecycle.delete("", stateOn(url)));
    assert.match(
      message,
      /answered 404 111404022\. The first credentials were refused, and those that were used/,
    );
    const { clientId: _, openedAt: __, ...inputs } = stateOn(url);
    assert.deepEqual(await lifecycle.diff("", stateOn(url), inputs), { changes: false });
  });

  it("is not believed of others that have succeeded in the same project, because a front may have said so", async () => {
    const url = await serveAccount("present");
    const lifecycle = lifecycleOn(url, "expired");
    await lifecycle.delete("", stateOn(url, "present"));
    assert.match((await rejection(lifecycle.delete("", stateOn(url)))).message, /answered 404 111404022/);
  });
});

describe("What an answer tells about credentials", () => {
  const lifecycleWith = useOneProcess();
  useEnvironment();
  afterEach(closeServers);

  /** A DCS API that refuses a token in some projects. */
  async function serveProjects(refused: (token: string, project: string) => boolean) {
    const tokens: string[] = [];
    const { url } = await serve(({ headers, url: path = "" }, response) => {
      const token = String(headers["x-auth-token"] ?? headers.authorization);
      tokens.push(token);
      response.writeHead(refused(token, path.split("/")[2] ?? "") ? 401 : 204).end();
    });
    return { url, tokens };
  }

  const state = (endpoint: string, projectId: string) => {
    return { endpoint, projectId, instanceId: "i1", clientId: "c1", openedAt: new Date().toISOString() };
  };

  it("counts for its project", async () => {
    const { url } = await serveProjects((_, project) => project === "p2");
    const lifecycle = lifecycleWith({ [AUTH_TOKEN]: `token for ${url}`.replace(/\W/g, "-") });
    assert.match((await rejection(lifecycle.delete("", state(url, "p2")))).message, /answered 401/);
    await lifecycle.delete("", state(url, "p1"));
  });

  it("counts for its endpoint", async () => {
    const [bad, good] = [await serveProjects(() => true), await serveProjects(() => false)];
    const lifecycle = lifecycleWith({ [AUTH_TOKEN]: `token for ${good.url}`.replace(/\W/g, "-") });
    await rejection(lifecycle.delete("", state(bad.url, "p1")));
    await lifecycle.delete("", state(good.url, "p1"));
    assert.deepEqual([bad.tokens.length, good.tokens.length], [1, 1]);
  });

  const others: [string, Record<string, string>][] = [
    ["a token", { HW_AUTH_TOKEN: "a-token-of-another-cloud" }],
    [
      "a security token",
      { HW_ACCESS_KEY: "temporary", HW_SECRET_KEY: "s", HW_SECURITY_TOKEN: "a-token-of-another-cloud" },
    ],
  ];
  for (const [what, environment] of others) {
    it(`does not send ${what} as a fallback to an endpoint that the program gave`, async () => {
      const { url, tokens } = await serveProjects(() => true);
      Object.assign(process.env, environment);
      const first = `first for ${url}`.replace(/\W/g, "-");
      await rejection(lifecycleWith({ [AUTH_TOKEN]: first }).delete("", state(url, "p1")));
      assert.deepEqual(tokens, [first]);
    });

    it(`sends ${what} as a fallback to the endpoint that is configured`, async () => {
      const { url, tokens } = await serveProjects((token) => token.startsWith("first"));
      Object.assign(process.env, environment);
      const first = `first for ${url}`.replace(/\W/g, "-");
      const config = { [AUTH_TOKEN]: first, "huaweicloud-sessions:dcsEndpoint": url };
      await lifecycleWith(config).delete("", state(url, "p1"));
      assert.equal(tokens.length, 2);
    });
  }

  it("does not keep AK/SK from an endpoint that the program gave: they are not sent in the open", async () => {
    const { url, tokens } = await serveProjects((token) => token.startsWith("first"));
    Object.assign(process.env, { HW_ACCESS_KEY: `AK${Date.now()}`, HW_SECRET_KEY: "s" });
    const first = `first for ${url}`.replace(/\W/g, "-");
    await lifecycleWith({ [AUTH_TOKEN]: first }).delete("", state(url, "p1"));
    assert.match(tokens[1] ?? "", /^SDK-HMAC-SHA256 /);
  });

  it("is not asked for with a credential that a header can't carry", async () => {
    const { url, tokens } = await serveProjects(() => false);
    const { message } = await rejection(lifecycleWith({ [AUTH_TOKEN]: "a\nb" }).delete("", state(url, "p1")));
    assert.match(message, /was not sent, because a credential holds a character that a header can't carry/);
    assert.deepEqual(tokens, []);
  });
});
