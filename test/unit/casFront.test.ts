import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import type { Emulator, EmulatorOptions } from "../../emulator";
import { useEmulator } from "../support/emulator";
import { type Exchange, LIES, pass, relay, serveFront } from "../support/front";
import { casInputs, casLifecycle, JASIG_35, QUICK, SERVICE } from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers } from "../support/server";

/** Little time, where it is certain to run out. */
const SHORT = { ...QUICK, probeTimeout: 100, operationTimeout: 250 };

/** A session that was opened through a front, at a front that still tells the truth. */
async function open(emulator: Emulator, service: string | undefined) {
  const front = await serveFront(emulator.url);
  const inputs = casInputs(emulator, { casUrl: `${front.url}/cas`, service });
  return { ...(await casLifecycle().create(inputs)), front };
}

const servers: [string, EmulatorOptions, string | undefined][] = [
  ["MRS Manager, with a service", { casFlavor: "mrs" }, SERVICE],
  ["MRS Manager, without a service", { casFlavor: "mrs" }, undefined],
  ["Apereo 6.6, with a service", { casFlavor: "apereo" }, SERVICE],
  ["Apereo 6.6, without a service", { casFlavor: "apereo" }, undefined],
  ["Jasig 3.5, whose probe tells nothing without a service", JASIG_35, undefined],
];
for (const [name, options, service] of servers) {
  describe(`Logging out of ${name}, behind a front that lies`, () => {
    const emulator = useEmulator(options);
    afterEach(closeServers);

    for (const [what, lie] of LIES) {
      it(`fails while the front ${what}, and works once it tells the truth`, async () => {
        const { id, outs, front } = await open(emulator(), service);
        front.behave(lie);
        const { message } = await rejection(casLifecycle(SHORT).delete(id, outs));
        assert.match(message, /^Could not log out of the CAS at /);
        assert.equal(emulator().sessions().cas.open.length, 1);
        front.behave(pass);
        await casLifecycle().delete(id, outs);
        assert.equal(emulator().sessions().cas.open.length, 0);
      });

      // A 404 is believed at once, and on Jasig CAS 3.5 any page for a logout's.
      if (what === "answers 404" || options === JASIG_35) continue;
      it(`is tried again where the front ${what} for a moment`, async () => {
        const { id, outs, front } = await open(emulator(), service);
        front.behave((exchange) => (exchange.index < 6 ? lie(exchange) : pass(exchange)));
        await casLifecycle().delete(id, outs);
        assert.equal(emulator().sessions().cas.open.length, 0);
      });
    }
  });
}

describe("A CAS login through a front that lies", () => {
  const emulator = useEmulator();
  afterEach(closeServers);

  for (const [what, lie] of LIES) {
    it(`does not send the password where the front ${what}`, async () => {
      const front = await serveFront(emulator().url, lie);
      await rejection(casLifecycle().create(casInputs(emulator(), { casUrl: `${front.url}/cas` })));
      assert.ok(!front.requests().join().includes("POST"));
    });
  }
});

describe("A CAS that compresses its pages, although nobody asked for it", () => {
  const emulator = useEmulator({ casFlavor: "apereo", confirmLogout: true });
  afterEach(closeServers);

  const compress = async ({ response, forward }: Exchange) => {
    const { status, headers, body } = await forward();
    const compressed = gzipSync(body);
    relay(response, { status, headers: { ...headers, "content-encoding": "gzip" }, body: compressed });
  };

  it("has its login form and its confirmation page read", async () => {
    const front = await serveFront(emulator().url, compress);
    const inputs = casInputs(emulator(), { casUrl: `${front.url}/cas` });
    const { id, outs } = await casLifecycle().create(inputs);
    await casLifecycle().delete(id, outs);
    assert.deepEqual(emulator().sessions().cas, { open: [], opened: 1, closed: 1, expired: 0 });
  });

  it("is not read beyond the limit for a page, which counts after decompression", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, " "));
    assert.ok(bomb.length < 100_000);
    const front = await serveFront(emulator().url, ({ response }) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end(bomb),
    );
    const inputs = casInputs(emulator(), { casUrl: `${front.url}/cas` });
    assert.match((await rejection(casLifecycle().create(inputs))).message, /\(more than 2 MiB\)/);
  });
});
