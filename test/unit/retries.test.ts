import assert from "node:assert/strict";
import { type EmulatorOptions, startEmulator } from "../../emulator";
import { calls, useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { pass, relay, serveFront } from "../support/front";
import { until } from "../support/kill";
import { casInputs, casLifecycle, QUICK, webCliInputs, webCliLifecycle } from "../support/lifecycles";
import { noticesOf } from "../support/outputs";
import { rejection } from "../support/rejection";
import { closeServers } from "../support/server";

/** Much more time than a test has. */
const PATIENT = { ...QUICK, operationTimeout: 60_000 };

describe("A login whose server can't be reached", () => {
  const emulator = useEmulator();
  useEnvironment();

  it("gives up early where the host name is not found, which may be a typo", async () => {
    const lifecycle = webCliLifecycle(emulator(), PATIENT);
    const create = lifecycle.create(webCliInputs(emulator(), { endpoint: "https://nowhere.invalid" }));
    const { message } = await rejection(create);
    assert.match(message, /its host name could not be found\. Check the address or region/);
  });

  it("gives up early where the host name of its proxy is not found, or the proxy refuses the connection", async () => {
    for (const proxy of ["http://nowhere.invalid:3128", "http://127.0.0.1:1"]) {
      process.env.HTTPS_PROXY = proxy;
      const casUrl = "https://manager.example/cas";
      const { message } = await rejection(casLifecycle(PATIENT).create(casInputs(emulator(), { casUrl })));
      assert.match(message, /its proxy \S+ did not open a tunnel: .* Check the address or region/);
    }
  });

  it("gives up early where the connection is refused", async () => {
    const { message } = await rejection(
      casLifecycle(PATIENT).create(casInputs(emulator(), { casUrl: "http://127.0.0.1:1/cas" })),
    );
    assert.match(message, /the connection was refused\. Check the address or region/);
  });
});

describe("A logout whose server can't be reached", () => {
  const account = { redisPassword: "p", accessKey: "AK".repeat(10), secretKey: "SK".repeat(20) };
  const place = { projectId: "0".repeat(32), instanceId: "11111111-2222-3333-4444-555555555555" };
  const options: EmulatorOptions = { ...account, ...place };

  it("goes on after a login would have given up, and says so once", async () => {
    const first = await startEmulator(options);
    const { id, outs } = await webCliLifecycle(first).create(webCliInputs(first));
    await first.close();
    const timeouts = { ...PATIENT, connectionRefusedTimeout: 0, hostNotFoundTimeout: 0, noticeDelay: 0 };
    let told = false;
    const logout = noticesOf(
      () => webCliLifecycle(first, timeouts).delete(id, outs),
      () => {
        told = true;
      },
    );
    await until(() => told);
    const second = await startEmulator({ ...options, port: Number(new URL(first.url).port) });
    const [notice, ...more] = await logout;
    await second.close();
    assert.match(notice ?? "", /^Still logging out of the Web CLI .* got no answer: the connection /);
    assert.match(
      more.join("\n"),
      /^Logged out of the Web CLI .*: its logout was .*, and a PING found no session\.$/,
    );
  });
});

describe("An answer that does not decompress", () => {
  const emulator = useEmulator();
  afterEach(closeServers);
  const damaged = { "content-encoding": "gzip" };

  it("is asked for again where that does no harm", async () => {
    const front = await serveFront(emulator().url, async (exchange) => {
      if (exchange.index > 0) return pass(exchange);
      const { headers, ...answer } = await exchange.forward();
      relay(exchange.response, { ...answer, headers: { ...headers, ...damaged } });
    });
    await casLifecycle().create(casInputs(emulator(), { casUrl: `${front.url}/cas` }));
    assert.deepEqual(calls(emulator()), ["cas.form", "cas.form", "cas.login", "cas.probe"]);
  });
});

describe("A notice that something is being retried", () => {
  const emulator = useEmulator();
  const fail = () => emulator().fault({ on: "webcli.auth", times: 3, do: { status: 429 } });

  it("comes once, and says what, why, and for how long", async () => {
    fail();
    const lifecycle = webCliLifecycle(emulator(), { ...PATIENT, noticeDelay: 0 });
    const notices = await noticesOf(() => lifecycle.create(webCliInputs(emulator())));
    const pattern =
      /^Still logging in to the Web CLI of DCS instance \S+, for at most \d+ s more: POST \S+ answered 429( \(request ID \w+\))?\.$/;
    assert.equal(notices.length, 1);
    assert.match(notices[0] ?? "", pattern);
    assert.equal(calls(emulator()).length, 4);
  });

  it("does not come where the retries are soon over", async () => {
    fail();
    const lifecycle = webCliLifecycle(emulator(), PATIENT);
    assert.deepEqual(await noticesOf(() => lifecycle.create(webCliInputs(emulator()))), []);
  });

  it("comes before a wait that the server asked for", async () => {
    emulator().fault({ on: "webcli.auth", do: { status: 429, headers: { "Retry-After": "30" } } });
    const lifecycle = webCliLifecycle(emulator(), { ...PATIENT, noticeDelay: 30_000 });
    const caller = new AbortController();
    const notices = await noticesOf(
      () => rejection(lifecycle.create(webCliInputs(emulator()), { signal: caller.signal })),
      () => caller.abort(),
    );
    assert.equal(notices.length, 1);
  });
});

describe("An operation", () => {
  const emulator = useEmulator();

  it("is not retried any more once its caller has cancelled it", async () => {
    emulator().fault({ on: "webcli.auth", times: 10_000, do: { status: 429 } });
    const controller = new AbortController();
    const lifecycle = webCliLifecycle(emulator(), { ...PATIENT, noticeDelay: 0 });
    const cancelled = noticesOf(
      () => rejection(lifecycle.create(webCliInputs(emulator()), { signal: controller.signal })),
      () => controller.abort(),
    );
    await cancelled;
    assert.equal(calls(emulator()).length, 1);
  });
});
