import type { dynamic } from "@pulumi/pulumi";
import type { Liveness } from "../api/cas";
import type { Place, WebCli } from "../api/dcs";
import { meaningOf, RequestFailed, SessionError } from "../api/errors";
import { mayPass, notPerformed, Patience } from "../api/patience";
import { DcsLifecycle } from "./dcsLifecycle";
import { Findings, tokenProblem } from "./findings";
import { findPlace } from "./place";
import { present } from "./present";
import {
  abandon,
  diffSession,
  type Hosted,
  lostSession,
  newId,
  orUnknown,
  type SessionState,
  seal,
} from "./session";

/** What check hands to the other verbs. */
export interface WebCliInputs extends Place, Hosted {
  password?: string;
  /** An open session to adopt. */
  clientId?: string;
  reopenWhenExpired?: boolean;
  triggers?: string[];
}

export interface WebCliState extends Place, SessionState {
  clientId: string;
  databases?: number;
  triggers?: string[];
}

/** The life of a Web CLI session. */
export class WebCliSessionLifecycle
  extends DcsLifecycle
  implements dynamic.ResourceProvider<WebCliInputs, WebCliState>
{
  async check(_olds: unknown, news: WebCliInputs): Promise<dynamic.CheckResult<WebCliInputs>> {
    const findings = new Findings({ ...news });
    const place = findPlace(findings, this.settings);
    const password = findings.text("password", { secret: true });
    const clientId = findings.text("clientId", { secret: true, problem: tokenProblem });
    if (password && clientId) {
      findings.refuse("clientId", "adopts an open session: leave it or password out", true);
    }
    const reopenWhenExpired = findings.flag("reopenWhenExpired", true);
    const inputs = { ...place, password, clientId, reopenWhenExpired, triggers: findings.triggers() };
    return { inputs: present(inputs), failures: findings.failures };
  }

  async diff(_id: string, olds: WebCliState, news: WebCliInputs): Promise<dynamic.DiffResult> {
    return diffSession({
      identity: "clientId",
      place: ["endpoint", "projectId", "instanceId"],
      args: ["endpoint", "projectId", "instanceId", "triggers"],
      olds,
      news,
      liveness: () => this.liveness(olds),
    });
  }

  async create(inputs: WebCliInputs): Promise<dynamic.CreateResult<WebCliState>> {
    const id = newId("webcli");
    if (inputs.clientId !== undefined) return { id, outs: await this.adopt(inputs, inputs.clientId) };
    const { clientId, databases } = await this.logIn(inputs);
    const outs = stateOf(inputs, { clientId, databases, openedAt: new Date().toISOString() });
    if (databases === undefined) {
      const why = new SessionError(
        `Could not use the Web CLI of DCS instance ${inputs.instanceId}`,
        "the log-in answered without the number of databases",
        "Check that the endpoint is the DCS API.",
      );
      await abandon(why, { id, outs, inputs }, () => this.delete(id, outs));
    }
    return { id, outs };
  }

  async read(id: string, state?: WebCliState): Promise<dynamic.ReadResult<WebCliState>> {
    if (!state || (await this.liveness(state)) === "dead") return {};
    return { id, props: state };
  }

  async update(
    _id: string,
    olds: WebCliState,
    news: WebCliInputs,
  ): Promise<dynamic.UpdateResult<WebCliState>> {
    return { outs: stateOf(news, olds) };
  }

  async delete(_id: string, state: WebCliState): Promise<void> {
    const patience = new Patience(this.pace);
    const webCli = this.webCli(state, patience);
    try {
      await patience.retry(() => logOut(webCli, state.clientId), mayPass);
    } catch (error) {
      const refused = meaningOf(error) === "invalid parameter";
      const advice = refused
        ? "The session still answers a PING: run the same command again later, or after its idle time-out."
        : undefined;
      const what = `Could not log out of the Web CLI of DCS instance ${state.instanceId}`;
      throw SessionError.from(what, error, advice);
    }
  }

  private async logIn(inputs: WebCliInputs) {
    const patience = new Patience(this.pace);
    const webCli = this.webCli(inputs, patience);
    try {
      return await patience.retry(() => webCli.logIn(inputs.password), notPerformed);
    } catch (error) {
      const advice = error instanceof RequestFailed ? lostSession(error, "5 to 15 minutes") : undefined;
      throw SessionError.from(
        `Could not log in to the Web CLI of DCS instance ${inputs.instanceId}`,
        error,
        advice,
      );
    }
  }

  private async adopt(inputs: WebCliInputs, clientId: string): Promise<WebCliState> {
    const state = stateOf(inputs, { clientId, openedAt: new Date().toISOString() });
    if ((await this.liveness(state)) !== "dead") return state;
    throw new SessionError(
      `Could not adopt the Web CLI session of DCS instance ${inputs.instanceId}`,
      "the service knows no open session with that client id",
      "Log in again and give the new clientId, or leave clientId out.",
    );
  }

  private liveness(state: WebCliState): Promise<Liveness> {
    const patience = new Patience(this.pace, this.pace.probeMs);
    const alive = this.webCli(state, patience).isAlive(state.clientId);
    return orUnknown(
      `the Web CLI session of DCS instance ${state.instanceId}`,
      alive.then((yes) => (yes ? "alive" : "dead")),
    );
  }
}

/** Ends a session, or makes sure that it is gone. */
async function logOut(webCli: WebCli, clientId: string): Promise<void> {
  try {
    await webCli.logOut(clientId);
  } catch (error) {
    const meaning = meaningOf(error);
    if (meaning === "instance gone") return;
    // No document says whether this refuses the client id or the request; a PING with the same id tells.
    if (meaning === "invalid parameter" && !(await webCli.isAlive(clientId))) return;
    throw error;
  }
}

function stateOf(
  { endpoint, projectId, instanceId, password, triggers, clientId: adopted }: WebCliInputs,
  { clientId, databases, openedAt }: Pick<WebCliState, "clientId" | "databases" | "openedAt">,
): WebCliState {
  const place = { endpoint, projectId, instanceId };
  const session = { clientId, databases, openedAt, adopted: adopted ? (true as const) : undefined };
  return present({ ...place, triggers, ...session, passwordSeal: seal(password, clientId) });
}
