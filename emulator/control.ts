import type { SessionCounts } from "./expiringStore";
import { BadFault, type Fault, type Faults } from "./faults";
import type { RecordedRequest } from "./history";
import { type Call, hasMediaType, header, json, jsonObject, type Reply } from "./http";
import { BadOption } from "./optionRules";
import type { EmulatorOptions } from "./options";
import { overview, overviewPage } from "./overview";
import { type Route, route } from "./router";

/** What tests see of the services, and do to them. */
export interface Control {
  /** Sessions of both services; the ids are secret. */
  sessions(): SessionCounts;
  /** Injects a fault; throws {@link BadFault} if it makes no sense. */
  fault(fault: Fault): void;
  /** Removes the faults that have not struck. */
  clearFaults(): void;
  /** The requests received, oldest first, with the secrets that they held. */
  requests(): RecordedRequest[];
  /** Ends every session as if all idle timeouts had passed; forms and tickets go too. */
  expireSessions(): void;
  /** Makes new permanent keys; the old ones are refused from now on. The result is secret. */
  rotateKeys(): { accessKey: string; secretKey: string };
  /** Makes keys of another account, to which the instances of this one don't exist. The result is secret. */
  makeForeignKeys(): { accessKey: string; secretKey: string };
  /** Ends all temporary keys, and the tokens of IAM and the metadata service that led to them. */
  expireTemporaryKeys(): void;
  /** Makes another project of the account, with an instance that has the same password. */
  makeProject(): { projectId: string; instanceId: string };
  /** Removes the first DCS instance with its sessions: 404 from now on. */
  removeInstance(): void;
  /**
   * Takes a node out of CAS, the first that is in service: the balancer leads its clients to another one, which knows
   * neither their sessions nor their forms. The sessions stay open on it.
   *
   * @throws {BadOption} if no other node is in service; see {@link EmulatorOptions.casNodes}
   */
  drainCasNode(): void;
  /** Puts all nodes of CAS back into service. */
  restoreCasNodes(): void;
}

/** The emulator's own API, beside those that it emulates. */
export function controlRoutes(control: Control, faults: Faults): Route[] {
  const own = (method: Route["method"], path: string, handle: Route["handle"], looksOn = false) =>
    route(method, path, "control", handle, { refuse: refusal, looksOn });
  return [
    own("GET", "/", overviewPage, true),
    own("GET", "/emulator/overview", () => overview(control.sessions(), control.requests()), true),
    own("GET", "/emulator/sessions", () => json(200, control.sessions())),
    own("POST", "/emulator/faults", (call) => done(() => faults.add(jsonObject(call.body)))),
    own("DELETE", "/emulator/faults", () => done(control.clearFaults)),
    own("POST", "/emulator/drained-cas-nodes", () => done(control.drainCasNode)),
    own("DELETE", "/emulator/drained-cas-nodes", () => done(control.restoreCasNodes)),
  ];
}

/** Keeps out pages of other origins: a browser names theirs, and asks before it sends JSON across origins. */
function refusal(call: Pick<Call, "method" | "headers">): Reply | undefined {
  const { origin } = call.headers;
  const own = [`http://${header(call, "host")}`, `https://${header(call, "host")}`];
  if (origin !== undefined && !own.includes(origin)) {
    return json(403, { error: "The control API can't be called from a web page of another origin." });
  }
  if (call.method === "POST" && !hasMediaType(call, "application/json")) {
    return json(415, { error: "Send the header Content-Type: application/json." });
  }
  return undefined;
}

/** Does what was asked for, or says why that can't be done. */
function done(work: () => void): Reply {
  try {
    work();
    return { status: 204 };
  } catch (error) {
    if (error instanceof BadFault) return json(400, { error: error.message });
    if (error instanceof BadOption) return json(409, { error: "The last CAS node stays in service." });
    throw error;
  }
}
