import assert from "node:assert/strict";
import type { FaultAction } from "../../emulator";
import { WebCliSessionLifecycle, type WebCliState } from "../../provider/lifecycle/webCliSession";
import { refusals, useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { configOf, configRequest, QUICK, webCliInputs, webCliLifecycle } from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers, listenRaw } from "../support/server";

describe("The keys of a log-out", () => {
  const emulator = useEmulator();
  const state = async () => {
    const { outs } = await webCliLifecycle(emulator()).create(webCliInputs(emulator()));
    assert.ok(outs);
    return outs;
  };
  /** As many log-outs at once as Pulumi may start, with a wrong secret key. */
  const failTogether = async (outs: WebCliState) => {
    const wrong = { ...configOf(emulator()), "huaweicloud:secretKey": "not the secret key" };
    const lifecycle = webCliLifecycle(emulator(), wrong);
    await Promise.all(Array.from({ length: 8 }, () => rejection(lifecycle.delete("", outs))));
  };
  useEnvironment();

  it("goes on to the environment's keys after the config's are refused, and never tries those again", async () => {
    const outs = await state();
    const old = configOf(emulator());
    const { accessKey, secretKey } = emulator().rotateKeys();
    Object.assign(process.env, { HW_ACCESS_KEY: accessKey, HW_SECRET_KEY: secretKey });
    await webCliLifecycle(emulator(), old).delete("", outs);
    assert.equal(emulator().sessions().webCli.open.length, 0);

    await webCliLifecycle(emulator(), old).create(webCliInputs(emulator()));
    assert.equal(refusals(emulator()), 1);
  });

  it("fails with a 401 where no keys are left, and says where to set them", async () => {
    const outs = await state();
    const lifecycle = webCliLifecycle(emulator());
    const { accessKey } = emulator();
    emulator().rotateKeys();
    const { message } = await rejection(lifecycle.delete("", outs));
    assert.match(message, /answered 401 APIGW\.0301.*HW_ACCESS_KEY/);
    const sent = emulator().requests().length;
    const again = await rejection(lifecycle.delete("", outs));
    assert.match(
      again.message,
      /: no request was sent with keys that were refused before: POST .* answered 401 APIGW/,
    );
    assert.doesNotMatch(again.message, new RegExp(`${accessKey}|${outs.clientId}`));
    assert.equal(emulator().requests().length, sent);
  });

  it("tries unproven keys once, however many resources wait for them", async () => {
    await failTogether(await state());
    assert.equal(refusals(emulator()), 1);
  });

  it("does not wait for keys that a server which hangs does not tell of", async () => {
    const outs = await state();
    const pace = { ...QUICK, answerMs: 60_000, silenceMs: 60_000, keysMs: 50 };
    const lifecycle = new WebCliSessionLifecycle(pace);
    void lifecycle.configure(configRequest(configOf(emulator())));
    const { url: endpoint } = await listenRaw(() => {});
    const hung = lifecycle.delete("", { ...outs, endpoint });
    await Promise.race([lifecycle.delete("", outs), hung]);
    assert.equal(emulator().sessions().webCli.open.length, 0);
    await closeServers();
    await rejection(hung);
  });

  const tellingNothing: [string, FaultAction][] = [
    ["429", { status: 429 }],
    ["503", { status: 503 }],
    ["no answer", { drop: "before" }],
  ];
  for (const [what, action] of tellingNothing) {
    it(`tries keys once that the first answer, ${what}, told nothing of`, async () => {
      const outs = await state();
      emulator().fault({ on: "webcli.logout", do: action });
      await failTogether(outs);
      assert.equal(refusals(emulator()), 1);
    });
  }
});
