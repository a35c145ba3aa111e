import assert from "node:assert/strict";
import { useEmulator } from "../support/emulator";
import { LOGIN_FORM } from "../support/front";
import { casInputs, casLifecycle } from "../support/lifecycles";
import { rejection } from "../support/rejection";

describe("A hostile CAS", () => {
  const emulator = useEmulator();
  const create = () => casLifecycle().create(casInputs(emulator()));
  /** What is sent to a login form with more inputs. */
  const sentTo = async (inputs: string) => {
    const body = LOGIN_FORM.replace("</form>", `${inputs}</form>`);
    emulator().fault({ on: "cas.form", do: { status: 200, body } });
    await rejection(create());
    return new URLSearchParams(emulator().requests().at(-1)?.body);
  };

  it("may ask for a thousand hidden inputs to be sent back", async () => {
    const inputs = Array.from({ length: 1_000 }, (_, i) => `<input type="hidden" name="h${i}" value="${i}">`);
    assert.equal((await sentTo(inputs.join(""))).get("h999"), "999");
  });

  it("does not choose what is sent as user name and password", async () => {
    const sent = await sentTo(
      '<input type="hidden" name="username" value="evil"><input type="hidden" name="password" value="x">',
    );
    assert.deepEqual(sent.getAll("username"), [emulator().username]);
    assert.deepEqual(sent.getAll("password"), [emulator().password]);
  });

  it("may set its cookies with odd attributes", async () => {
    const odd = "CASTGC=TGT-1; PATH=/cas/;;HttpOnly ; sAmEsItE=weird; Expires=soon; Max-Age=abc; Domain=";
    emulator().fault({ on: "cas.login", do: { status: 200, headers: { "Set-Cookie": odd } } });
    emulator().fault({ on: "cas.probe", times: 4, do: { status: 204 } });
    assert.equal((await create()).outs.ticketGrantingCookie, "CASTGC=TGT-1");
  });
});
