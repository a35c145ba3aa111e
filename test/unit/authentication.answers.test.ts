import assert from "node:assert/strict";
import { useEnvironment } from "../support/environment";
import { useOneProcess, webCliState } from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers, serve } from "../support/server";

/** A DCS API with its answer to a token (or a signature), for a project and an instance. */
async function serveDcs(answer: (token: string, project: string, instance: string) => number) {
  const tokens: string[] = [];
  const { url } = await serve(({ headers, url: path = "" }, response) => {
    const token = String(headers["x-auth-token"] ?? headers.authorization);
    tokens.push(token);
    const [, , project = "", , instance = ""] = path.split("/");
    const status = answer(token, project, instance);
    response.writeHead(status).end(status === 404 ? '{"error_code":"111404022"}' : "");
  });
  return { url, tokens };
}

const withToken = (authToken: string) => ({ "huaweicloud-sessions:authToken": authToken });

describe("The word of the DCS API that an instance is gone", () => {
  const lifecycleWith = useOneProcess();
  useEnvironment(() => ({ HW_AUTH_TOKEN: "token-of-another-account" }));
  afterEach(closeServers);

  /** Refuses `expired`, and knows one instance. */
  const serveAccount = () =>
    serveDcs((token, _, instance) => (token === "expired" ? 401 : instance === "present" ? 204 : 404));
  const lifecycleOn = (url: string, token: string) =>
    lifecycleWith({ "huaweicloud-sessions:dcsEndpoint": url, ...withToken(token) });

  it("is believed where the first credentials hear it", async () => {
    const { url } = await serveAccount();
    await lifecycleOn(url, "valid").delete("", webCliState(url));
  });

  it("is not believed where others were refused before, whose account may see the instance", async () => {
    const { url } = await serveAccount();
    const lifecycle = lifecycleOn(url, "expired");
    const state = webCliState(url);
    const { message } = await rejection(lifecycle.delete("", state));
    assert.match(
      message,
      /answered 404 111404022, after a 401 for .*\. The first credentials were refused, and those that were used/,
    );
    const { clientId: _, openedAt: __, ...inputs } = state;
    assert.deepEqual(await lifecycle.diff("", state, inputs), { changes: false });
  });

  it("is not believed of others that have succeeded in the same project, because a front may have said so", async () => {
    const { url } = await serveAccount();
    const lifecycle = lifecycleOn(url, "expired");
    await lifecycle.delete("", webCliState(url, { instanceId: "present" }));
    const { message } = await rejection(lifecycle.delete("", webCliState(url)));
    assert.match(message, /answered 404 111404022/);
  });
});

describe("What an answer tells about credentials", () => {
  const lifecycleWith = useOneProcess();
  useEnvironment();
  afterEach(closeServers);
  const serveRefusingFirst = () => serveDcs((token) => (token === "first" ? 401 : 204));

  it("counts for its project", async () => {
    const { url } = await serveDcs((_, project) => (project === "p2" ? 401 : 204));
    const lifecycle = lifecycleWith(withToken("first"));
    const { message } = await rejection(lifecycle.delete("", webCliState(url, { projectId: "p2" })));
    assert.match(message, /answered 401/);
    await lifecycle.delete("", webCliState(url));
  });

  it("counts for its endpoint", async () => {
    const [bad, good] = [await serveDcs(() => 401), await serveDcs(() => 204)];
    const lifecycle = lifecycleWith(withToken("first"));
    await rejection(lifecycle.delete("", webCliState(bad.url)));
    await lifecycle.delete("", webCliState(good.url));
    assert.deepEqual([bad.tokens.length, good.tokens.length], [1, 1]);
  });

  const others: [string, Record<string, string>][] = [
    ["a token", { HW_AUTH_TOKEN: "of-another-cloud" }],
    [
      "a security token",
      { HW_ACCESS_KEY: "temporary", HW_SECRET_KEY: "s", HW_SECURITY_TOKEN: "of-another-cloud" },
    ],
  ];
  for (const [what, environment] of others) {
    it(`sends ${what} as a fallback to the endpoint that is configured, and to none that the program gave`, async () => {
      const { url, tokens } = await serveRefusingFirst();
      Object.assign(process.env, environment);
      await rejection(lifecycleWith(withToken("first")).delete("", webCliState(url)));
      assert.deepEqual(tokens, ["first"]);
      const config = { ...withToken("first"), "huaweicloud-sessions:dcsEndpoint": url };
      await lifecycleWith(config).delete("", webCliState(url));
      assert.equal(tokens.length, 2);
    });
  }

  it("does not keep AK/SK from an endpoint that the program gave: they are not sent in the open", async () => {
    const { url, tokens } = await serveRefusingFirst();
    Object.assign(process.env, { HW_ACCESS_KEY: "AK", HW_SECRET_KEY: "s" });
    await lifecycleWith(withToken("first")).delete("", webCliState(url));
    assert.match(tokens[1] ?? "", /^SDK-HMAC-SHA256 /);
  });

  it("is not asked for with a credential that a header can't carry", async () => {
    const { url, tokens } = await serveRefusingFirst();
    const { message } = await rejection(lifecycleWith(withToken("a\nb")).delete("", webCliState(url)));
    assert.match(message, /was not sent, because a credential holds a character that a header can't carry/);
    assert.deepEqual(tokens, []);
  });
});
