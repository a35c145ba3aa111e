import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { CasSession, WebCliCommand, type WebCliCommandArgs, WebCliSession } from "../../provider";
import { type SessionMocks, sessionMocks } from "../../provider/testing";
import { resolved } from "../support/outputs";

describe("A program under mocks", () => {
  let mocks: SessionMocks;
  beforeEach(async () => {
    mocks = sessionMocks();
    await pulumi.runtime.setMocks(mocks);
  });

  async function registered(resource: pulumi.CustomResource) {
    const urn = await resolved(resource.urn);
    const found = mocks.registered.find(({ name }) => urn.endsWith(`::${name}`));
    assert.ok(found);
    return found;
  }

  it("registers a Web CLI session by its type, with what it was given", async () => {
    const { type, inputs } = await registered(
      new WebCliSession("cache", { instanceId: "i1", region: "eu-de" }),
    );
    assert.equal(type, "pulumi-nodejs:dynamic/dcs:WebCliSession");
    assert.deepEqual(inputs, { instanceId: "i1", region: "eu-de" });
  });

  it("registers a CAS session by its type, with what it was given", async () => {
    const args = { casUrl: "https://m/cas", username: "u", password: "p", triggers: ["a"] };
    const { type, inputs } = await registered(new CasSession("manager", args));
    assert.equal(type, "pulumi-nodejs:dynamic/mrs:CasSession");
    assert.deepEqual(inputs, args);
  });

  it("hands over secrets as secrets, even where it passes plain strings", async () => {
    const cache = new WebCliSession("cache", { instanceId: "i1", password: "plain" });
    const adopted = new WebCliSession("adopted", { instanceId: "i1", clientId: "plain" });
    const manager = new CasSession("manager", { casUrl: "https://m/cas", username: "u", password: "plain" });
    const cookie = new CasSession("cookie", { casUrl: "https://m/cas", ticketGrantingCookie: "TGC=plain" });
    assert.deepEqual((await registered(cache)).secrets, ["password"]);
    assert.deepEqual((await registered(adopted)).secrets, ["clientId"]);
    assert.deepEqual((await registered(manager)).secrets, ["password"]);
    assert.deepEqual((await registered(cookie)).secrets, ["ticketGrantingCookie"]);
  });

  it("gives a command the outputs of its session, the client ID as a secret", async () => {
    const session = new WebCliSession("cache", {
      instanceId: "i1",
      endpoint: "https://dcs",
      projectId: "p1",
    });
    const command = new WebCliCommand("size", { session, create: "DBSIZE", database: 2 });
    const { type, inputs, secrets } = await registered(command);
    assert.equal(type, "pulumi-nodejs:dynamic/dcs:WebCliCommand");
    const clientId = await resolved(session.clientId);
    const place = { clientId, endpoint: "https://dcs", projectId: "p1", instanceId: "i1" };
    assert.deepEqual(inputs, { ...place, create: "DBSIZE", database: 2 });
    assert.deepEqual(secrets, ["clientId"]);
  });

  it("gives a command with a session of its own what that is opened with, the password as a secret", async () => {
    const args = { instanceId: "i1", region: "eu-de", password: "plain", create: "PING" };
    const { inputs, secrets } = await registered(new WebCliCommand("ping", args));
    assert.deepEqual(inputs, args);
    assert.deepEqual(secrets, ["password"]);
  });

  it("hands over the same provider text for every resource of a type, and nothing else that is its own", async () => {
    const texts = new Set<unknown>();
    const newResource = ({ name, inputs }: pulumi.runtime.MockResourceArgs) => {
      texts.add(inputs.__provider);
      return { id: name, state: inputs };
    };
    await pulumi.runtime.setMocks({ newResource, call: () => ({}) });
    const sessions = ["one", "two"].map((name) => new WebCliSession(name, { instanceId: name }));
    await Promise.all(sessions.map(({ urn }) => resolved(urn)));
    assert.equal(texts.size, 1);
  });

  it("registers a command with `delete` to be deleted before it is replaced, unless the user says otherwise", async () => {
    const session = new WebCliSession("cache", { instanceId: "i1" });
    const seen = new Map<string, boolean | undefined>();
    const watch = (
      name: string,
      args: Partial<WebCliCommandArgs>,
      options: pulumi.CustomResourceOptions = {},
    ) => {
      const transformations: pulumi.ResourceTransformation[] = [
        ({ opts }) => {
          seen.set(name, "deleteBeforeReplace" in opts ? Boolean(opts.deleteBeforeReplace) : undefined);
          return undefined;
        },
      ];
      new WebCliCommand(name, { session, create: "DBSIZE", ...args }, { ...options, transformations });
    };
    watch("plain", {});
    watch("undone", { delete: "DEL k" });
    watch("chosen", { delete: "DEL k" }, { deleteBeforeReplace: false });
    assert.deepEqual(
      [...seen],
      [
        ["plain", false],
        ["undone", true],
        ["chosen", false],
      ],
    );
  });

  describe("refuses in one sentence", () => {
    /** As a program in plain JavaScript passes it. */
    function construct(resource: new (...args: never[]) => object, ...args: unknown[]) {
      return () => Reflect.construct(resource, args);
    }
    const session = () => new WebCliSession("cache", { instanceId: "i1" });
    const refusals: [string, () => unknown, string][] = [
      [
        "no arguments",
        construct(WebCliSession, "x"),
        "the second argument must be an object with at least `instanceId`",
      ],
      [
        "an output for arguments",
        construct(CasSession, "x", pulumi.output({})),
        "the second argument must be an object with at least `casUrl`",
      ],
      [
        "a command without a session",
        construct(WebCliCommand, "x", { create: "DBSIZE" }),
        "`session` is required; pass a WebCliSession, or `instanceId` for a session of its own",
      ],
      [
        "an output of a session",
        () => construct(WebCliCommand, "x", { session: session().clientId, create: "DBSIZE" })(),
        "`session` must be the WebCliSession itself, not one of its outputs or another resource",
      ],
      [
        "a session and what opens one",
        () => construct(WebCliCommand, "x", { session: session(), instanceId: "i1", create: "DBSIZE" })(),
        "`session` says where the command runs, so it excludes `instanceId`; leave out one or the other",
      ],
      [
        "reading by an ID",
        construct(WebCliSession, "x", { instanceId: "i1" }, { id: "i" }),
        "it can't be looked up by an ID; leave out the option `id`, and pass `clientId` to take over an open session",
      ],
      [
        "`get` of a session",
        () => CasSession.get("x"),
        "it can't be looked up by an ID; pass `ticketGrantingCookie` to take over an open session",
      ],
      ["`get` of a command", () => WebCliCommand.get("x"), "it can't be looked up by an ID"],
      [
        "importing",
        construct(CasSession, "x", { casUrl: "https://m/cas" }, { import: "i" }),
        "it can't be looked up by an ID; leave out the option `import`, and pass `ticketGrantingCookie` to take over an open session",
      ],
      [
        "the provider of another package",
        () =>
          construct(WebCliSession, "x", { instanceId: "i1" }, { provider: new Provider("aws", "p", {}) })(),
        "it has no provider of its own; leave out the option `provider`",
      ],
    ];
    class Provider extends pulumi.ProviderResource {}
    for (const [what, make, sentence] of refusals) {
      it(what, () => {
        assert.throws(make, (error) => {
          assert.ok(pulumi.RunError.isInstance(error));
          assert.match(error.message, /^\w+ "x": /);
          assert.equal(error.message.slice(error.message.indexOf(":") + 2), `${sentence}.`);
          return true;
        });
      });
    }
  });
});
