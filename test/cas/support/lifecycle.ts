import assert from "node:assert/strict";
import { TIMEOUTS } from "../../../provider/api/deadline";
import type { CasInputs, CasState } from "../../../provider/lifecycle/casSession";
import { casLifecycle } from "../../support/lifecycles";
import { SERVICE, type Target, USER_AGENT } from "./browser";

/** With the timeouts of production, and without renewals, which would show in the server's log. */
export const lifecycle = casLifecycle(TIMEOUTS);

export interface Session {
  id: string;
  outs: CasState;
  inputs: CasInputs;
}

/** The arguments of a session for the service that trusts the server's own certificate. */
export function argsFor(cas: Target, more: Partial<CasInputs> = {}): CasInputs {
  const { casUrl, username, password, caCertificate } = cas;
  return { casUrl, username, password, service: SERVICE, userAgent: USER_AGENT, caCertificate, ...more };
}

/** The arguments that adopt a session opened elsewhere. */
export function adopting(cas: Target, ticketGrantingCookie: string): CasInputs {
  return argsFor(cas, { username: undefined, password: undefined, ticketGrantingCookie });
}

/** Checks and creates, as the engine does. */
export async function create(args: CasInputs, by = lifecycle): Promise<Session> {
  const { inputs, failures } = await by.check({}, args);
  assert.deepEqual(failures, []);
  assert.ok(inputs);
  const { id, outs } = await by.create(inputs);
  return { id, outs, inputs };
}
