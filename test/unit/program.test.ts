import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { CasSession, WebCliCommand, type WebCliCommandArgs, WebCliSession } from "../../provider";
import { definitions, type ResourceName } from "../../provider/definitions";
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

  /** As a program in plain JavaScript does it. */
  function construct(resource: ResourceName, ...args: unknown[]): pulumi.CustomResource {
    return Reflect.construct({ WebCliSession, WebCliCommand, CasSession }[resource], args);
  }

  const dcs = { instanceId: "i1", region: "eu-de" };
  const cas = { casUrl: "https://m/cas", triggers: ["a"] };
  const registrations: [ResourceName, object, string][] = [
    ["WebCliSession", { ...dcs, password: "plain" }, "password"],
    ["WebCliSession", { ...dcs, clientId: "plain" }, "clientId"],
    ["WebCliCommand", { ...dcs, password: "plain", create: "PING" }, "password"],
    ["CasSession", { ...cas, username: "u", password: "plain" }, "password"],
    ["CasSession", { ...cas, ticketGrantingCookie: "TGC=plain" }, "ticketGrantingCookie"],
  ];
  for (const [resource, args, secret] of registrations) {
    it(`registers a ${resource} by its type, with what it was given, and a plain ${secret} as a secret`, async () => {
      const { type, inputs, secrets } = await registered(construct(resource, "x", args));
      assert.deepEqual([type, inputs, secrets], [definitions[resource].dynamicType, args, [secret]]);
    });
  }

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
    assert.deepEqual(Object.fromEntries(seen), { plain: false, undone: true, chosen: false });
  });

  describe("refuses in one sentence", () => {
    const session = () => new WebCliSession("cache", { instanceId: "i1" });
    const lookedUp = "it can't be looked up by an ID";
    const least = "the second argument must be an object with at least";
    const refusals: [string, () => unknown, string][] = [
      ["no arguments", () => construct("WebCliSession", "x"), `${least} \`instanceId\``],
      [
        "an output for arguments",
        () => construct("CasSession", "x", pulumi.output({})),
        `${least} \`casUrl\``,
      ],
      [
        "a command without a session",
        () => construct("WebCliCommand", "x", { create: "DBSIZE" }),
        "`session` is required; pass a WebCliSession, or `instanceId` for a session of its own",
      ],
      [
        "an output of a session",
        () => construct("WebCliCommand", "x", { session: session().clientId, create: "DBSIZE" }),
        "`session` must be the WebCliSession itself, not one of its outputs or another resource",
      ],
      [
        "a session and what opens one",
        () => construct("WebCliCommand", "x", { session: session(), instanceId: "i1", create: "DBSIZE" }),
        "`session` says where the command runs, so it excludes `instanceId`; leave out one or the other",
      ],
      [
        "reading by an ID",
        () => construct("WebCliSession", "x", dcs, { id: "i" }),
        `${lookedUp}; leave out the option \`id\`, and pass \`clientId\` to take over an open session`,
      ],
      [
        "`get` of a session",
        () => CasSession.get("x"),
        `${lookedUp}; pass \`ticketGrantingCookie\` to take over an open session`,
      ],
      ["`get` of a command", () => WebCliCommand.get("x"), lookedUp],
      [
        "importing",
        () => construct("CasSession", "x", cas, { import: "i" }),
        `${lookedUp}; leave out the option \`import\`, and pass \`ticketGrantingCookie\` to take over an open session`,
      ],
      [
        "the provider of another package",
        () => construct("WebCliSession", "x", dcs, { provider: new Provider("aws", "p", {}) }),
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
