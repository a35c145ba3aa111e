import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { casSessions } from "../../provider/lifecycle/casSession";
import { Renewals } from "../../provider/lifecycle/renewals";
import { Runtime } from "../../provider/lifecycle/runtime";
import { SessionLifecycle } from "../../provider/lifecycle/sessionLifecycle";
import { noticesOf } from "../support/outputs";
import { isAlive, type Target } from "./support/browser";
import { argsFor, create, type Session } from "./support/lifecycle";
import { useCas, useTwin } from "./support/useCas";

const IDLE_MS = 6_000;
const UPDATE_MS = 3 * IDLE_MS;
const OPTIONS = { idleSeconds: IDLE_MS / 1_000 };

describe("CasSession during an update of three times the idle timeout, on Apereo CAS", () => {
  livesThroughAnUpdate(useCas(OPTIONS));
});

describe("CasSession during an update of three times the idle timeout, on the emulator", () => {
  livesThroughAnUpdate(useTwin(useCas(OPTIONS), OPTIONS));
});

function livesThroughAnUpdate(cas: () => Target): void {
  const renewals = new Renewals(IDLE_MS / 5);
  const renewing = new SessionLifecycle(casSessions, new Runtime({ renewals }));
  let opened: Session;
  let found: Session;
  let ended: Session;
  let withoutService: Session;
  let notRenewed: Session;
  let notices: string[];

  // The clock of a real server can't be moved, so all sessions live through the same update.
  before("live through the update", async function () {
    this.timeout(UPDATE_MS + 30_000);
    notices = await noticesOf(async () => {
      opened = await create(argsFor(cas()), renewing);
      found = await create(argsFor(cas()));
      await renewing.diff(found.id, found.outs, found.inputs);
      ended = await create(argsFor(cas()), renewing);
      withoutService = await create(argsFor(cas(), { service: undefined }), renewing);
      notRenewed = await create(argsFor(cas()));
      await wait(UPDATE_MS);
    });
  });
  after(() => renewals.cancel());

  const alive = ({ outs }: Session) => isAlive(cas(), outs.ticketGrantingCookie);

  it("keeps a session alive that it opened", async () => {
    assert.equal(await alive(opened), true);
  });

  it("keeps a session alive that diff found alive", async () => {
    assert.equal(await alive(found), true);
  });

  it("ends a session that it has kept alive", async () => {
    assert.equal(await alive(ended), true);
    await renewing.delete(ended.id, ended.outs);
    assert.equal(await alive(ended), false);
  });

  it("loses a session without a service, and says so once", async () => {
    assert.equal(await alive(withoutService), false);
    assert.deepEqual(notices, [
      `The session of the CAS at ${cas().casUrl} can't be kept alive during a long update: ` +
        "without `service`, a CAS ends it after 20 idle minutes.",
    ]);
  });

  it("would lose any session that is not renewed", async () => {
    assert.equal(await alive(notRenewed), false);
  });
}
