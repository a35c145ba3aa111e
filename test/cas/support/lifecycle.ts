import assert from "node:assert/strict";
import { type CasInputs, CasSessionLifecycle, type CasState } from "../../../provider/lifecycle/casSession";
import type { CasServer } from "../../../tools/cas";
import { SERVICE, USER_AGENT } from "./browser";

export const lifecycle = new CasSessionLifecycle();

export interface Session {
  id: string;
  outs: CasState;
  inputs: CasInputs;
}

/** What a program gives for a session for the service, trusting the server's own certificate. */
export function argsFor(cas: CasServer, more: Partial<CasInputs> = {}): CasInputs {
  const { casUrl, username, password, caCertificate } = cas;
  return { casUrl, username, password, service: SERVICE, userAgent: USER_AGENT, caCertificate, ...more };
}

/** Args for a session that somebody else opened. */
export function adopting(cas: CasServer, ticketGrantingCookie: string): CasInputs {
  return argsFor(cas, { username: undefined, password: undefined, ticketGrantingCookie });
}

/** Checks and creates, as the engine does. */
export async function create(args: CasInputs): Promise<Session> {
  const { inputs, failures } = await lifecycle.check({}, args);
  assert.deepEqual(failures, []);
  assert(inputs);
  const { id, outs } = await lifecycle.create(inputs);
  assert(outs);
  return { id, outs, inputs };
}
