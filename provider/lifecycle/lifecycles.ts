import type { ResourceName } from "../definitions";
import { casSessions } from "./casSession";
import type { Runtime } from "./runtime";
import { SessionLifecycle } from "./sessionLifecycle";
import { WebCliCommandLifecycle } from "./webCliCommand";
import { webCliSessions } from "./webCliSession";

/** The life of each resource, in one process. */
export function lifecyclesIn(runtime: Runtime) {
  return {
    WebCliSession: new SessionLifecycle(webCliSessions, runtime),
    WebCliCommand: new WebCliCommandLifecycle(runtime),
    CasSession: new SessionLifecycle(casSessions, runtime),
  } satisfies Record<ResourceName, object>;
}
