import assert from "node:assert/strict";
import { resolve } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { CasSession, type CasSessionArgs } from "pulumi-huaweicloud-sessions";
import { type Engine, findEngine, withStack } from "../../tools/engine";
import type { CasServer } from "./server/server";
import { isAlive, SERVICE, USER_AGENT } from "./support/browser";
import { useCas } from "./support/useCas";

const ROOT = resolve(__dirname, "../..");

const cases: Record<string, (cas: CasServer) => Partial<CasSessionArgs>> = {
  "with a CA and a service": ({ caCertificate }) => ({ caCertificate, service: SERVICE }),
  "with a CA and no service": ({ caCertificate }) => ({ caCertificate }),
  "with a fingerprint and a service": ({ certificateFingerprint }) => ({
    certificateFingerprint,
    service: SERVICE,
  }),
  "with a fingerprint and no service": ({ certificateFingerprint }) => ({ certificateFingerprint }),
};

describe("CasSession on Apereo CAS by the real engine", function () {
  this.timeout(60_000);
  const cas = useCas();
  let engine: Engine;
  before(async () => {
    engine = await findEngine(console.log);
  });

  for (const [title, some] of Object.entries(cases)) {
    it(`lives from up to destroy ${title}`, async () => {
      const { casUrl, username, password } = cas();
      const args = { casUrl, username, password, userAgent: USER_AGENT, ...some(cas()) };
      const program = async () => {
        const session = new CasSession("session", args);
        return { cookie: session.ticketGrantingCookie };
      };
      const options = { engine, projectName: "cas", workDir: ROOT, program };
      await withStack(options, (stack) => upUpAndDestroy(cas(), stack));
    });
  }
});

async function upUpAndDestroy(cas: CasServer, stack: Stack): Promise<void> {
  const opened = await stack.up();
  const cookie: unknown = opened.outputs.cookie?.value;
  assert.ok(typeof cookie === "string");
  assert.equal(opened.outputs.cookie?.secret, true);
  assert.equal(await isAlive(cas, cookie), true);

  const { summary } = await stack.up();
  // The stack and the session.
  assert.deepEqual(summary.resourceChanges, { same: 2 });
  assert.equal(await isAlive(cas, cookie), true);

  await stack.destroy();
  assert.equal(await isAlive(cas, cookie), false);
}
