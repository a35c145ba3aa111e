import assert from "node:assert/strict";
import { definitions, type ResourceName, resourceNames } from "../../provider/definitions";
import { UNKNOWN } from "../../provider/engine";
import { lifecyclesIn } from "../../provider/lifecycle/lifecycles";
import { useEmulator } from "../support/emulator";
import { configOf, configRequest, quickRuntime } from "../support/lifecycles";

const PRIVATE_KEY = "-----BEGIN PRIVATE KEY-----\ns3cr3t\n-----END PRIVATE KEY-----";

const DCS = { instanceId: "i1", projectId: "p1", endpoint: "https://dcs.example" };
/** What each resource accepts. */
const RIGHT: Record<ResourceName, object> = {
  WebCliSession: DCS,
  WebCliCommand: { ...DCS, clientId: "c1", create: "DBSIZE" },
  CasSession: { casUrl: "https://manager:20009/cas", username: "admin", password: "s3cr3t" },
};

/** What it refuses in place of some of that: the argument that is to blame, and what was passed. */
const WRONG: Record<ResourceName, [name: string, args: object][]> = {
  WebCliSession: [
    ["instanceId", { instanceId: undefined }],
    ["instanceId", { instanceId: "../auth" }],
    ["instanceId", { instanceId: 7 }],
    ["projectId", { projectId: "p/../q" }],
    ["endpoint", { endpoint: "http://dcs.example" }],
    ["endpoint", { endpoint: "https://user:s3cr3t@dcs.example" }],
    ["region", { region: "eu.de" }],
    ["region", { region: "eu-ch2", endpoint: undefined }],
    ["reopenWhenExpired", { reopenWhenExpired: "yes" }],
    ["password", { password: 12345678 }],
    ["password", { password: "" }],
    ["clientId", { clientId: "s3cr3t-client\nid" }],
    ["clientId", { password: "s3cr3t", clientId: "s3cr3t" }],
    ["triggers", { triggers: ["s3cr3t", 1] }],
    ["triggers", { triggers: "s3cr3t" }],
  ],
  WebCliCommand: [
    ["instanceId", { instanceId: undefined }],
    ["instanceId", { instanceId: "../../other" }],
    ["projectId", { projectId: "p/../q" }],
    ["endpoint", { endpoint: "https://dcs.example/?a" }],
    ["clientId", { clientId: "a b\n" }],
    ["password", { password: "s3cr3t" }],
    ["create", { create: undefined }],
    ["create", { create: "SET a s3cr3t\n" }],
    ["delete", { delete: "KEYS s3cr3t" }],
    ["database", { database: -1 }],
    ["triggers", { triggers: ["s3cr3t", 5] }],
  ],
  CasSession: [
    ["casUrl", { casUrl: undefined }],
    ["casUrl", { casUrl: "http://manager:20009/cas" }],
    ["casUrl", { casUrl: "https://admin:s3cr3t@manager/cas" }],
    ["password", { password: undefined }],
    ["username", { username: undefined }],
    ["username", { username: undefined, password: undefined }],
    ["ticketGrantingCookie", { ticketGrantingCookie: "CASTGC=TGT-s3cr3t" }],
    [
      "ticketGrantingCookie",
      { username: undefined, password: undefined, ticketGrantingCookie: "TGC=s3cr3t; Path=/" },
    ],
    ["service", { service: "manager" }],
    ["userAgent", { userAgent: "a\nb" }],
    ["caCertificate", { caCertificate: "-----BEGIN CERTIFICATE-----" }],
    ["caCertificate", { caCertificate: PRIVATE_KEY }],
    ["certificateFingerprint", { certificateFingerprint: "ab:cd" }],
  ],
};

/** The arguments that hold no secret. */
const SHOWN = [
  ...["instanceId", "projectId", "endpoint", "region", "reopenWhenExpired", "database"],
  ...["casUrl", "username", "service", "userAgent", "caCertificate", "certificateFingerprint"],
];

/** Arguments that exclude others, and the one that stands for two others. */
const LEFT_OUT: Record<ResourceName, string[]> = {
  WebCliSession: ["clientId", "region"],
  WebCliCommand: ["password", "region"],
  CasSession: ["ticketGrantingCookie"],
};

for (const resource of resourceNames) {
  describe(`The arguments of a ${resource}`, () => {
    const emulator = useEmulator();
    const check = async (args: object) => {
      const lifecycle = lifecyclesIn(quickRuntime())[resource];
      void lifecycle.configure(configRequest(configOf(emulator())));
      const { inputs, failures = [] } = await lifecycle.check({}, args);
      return { inputs, failures };
    };

    it("are accepted", async () => {
      assert.deepEqual((await check(RIGHT[resource])).failures, []);
    });

    it("may all be unknown", async () => {
      const names = Object.keys(definitions[resource].args).filter(
        (name) => !LEFT_OUT[resource].includes(name),
      );
      const unknown = Object.fromEntries(names.map((name) => [name, UNKNOWN]));
      const inputs = { ...unknown, triggers: [UNKNOWN] };
      assert.deepEqual(await check(unknown), { inputs, failures: [] });
    });

    for (const [name, args] of WRONG[resource]) {
      it(`are refused in one sentence that shows no secret, where \`${name}\` is wrong: ${JSON.stringify(args)}`, async () => {
        const { failures } = await check({ ...RIGHT[resource], ...args });
        const [{ property, reason } = { property: "", reason: "" }] = failures;
        assert.equal(failures.length, 1, JSON.stringify(failures));
        assert.match(reason, new RegExp(`^\`${name}\` .+[^.]\\.$`));
        assert.doesNotMatch(reason, /s3cr3t|12345678/);
        // The engine prints the value of the property that a failure names.
        const mayShow = SHOWN.includes(name) && !JSON.stringify(args).includes("s3cr3t");
        assert.equal(property, mayShow ? name : "");
      });
    }
  });
}
