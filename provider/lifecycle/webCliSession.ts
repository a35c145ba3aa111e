import type { dynamic } from "@pulumi/pulumi";
import { type DcsInstance, WebCli } from "../api/dcs/webCli";
import { type CheckContext, checkDcsInstance } from "../check/dcsInstance";
import { Validator, valuesIn } from "../check/validator";
import { definitions, type ValuesOf } from "../definitions";
import { omitUndefined } from "../engine";
import type { SessionAdapter, SessionClient, SessionContext, SessionState } from "./sessionAdapter";

const { args } = definitions.WebCliSession;

/** What check hands to the other verbs. */
export type WebCliInputs = Omit<ValuesOf<typeof args>, "region"> & DcsInstance;

export interface WebCliKey {
  clientId: string;
  databases?: number;
}

export interface WebCliState extends DcsInstance, WebCliKey, SessionState {
  triggers?: string[];
}

/** Web CLI sessions of DCS: https://support.huaweicloud.com/intl/en-us/api-dcs/LoginWebCli.html */
export const webCliSessions: SessionAdapter<WebCliInputs, WebCliKey, WebCliState> = {
  resource: "WebCliSession",
  idPrefix: "webcli",
  server: ["endpoint", "projectId", "instanceId"],
  identity: [],
  idleTimeout: "5 to 15 minutes",
  adoptionAdvice: "Log in again and pass the new `clientId`, or leave `clientId` out.",
  describe: ({ instanceId }) => `the Web CLI of DCS instance ${instanceId}`,
  check,
  inputsIn(news) {
    const { region: _, endpoint = "", projectId = "", instanceId = "", ...rest } = valuesIn(args, news);
    return { endpoint, projectId, instanceId, ...rest };
  },
  keyOf: ({ clientId }) => clientId,
  adopted: ({ clientId }) => (clientId === undefined ? undefined : { clientId }),
  stateOf: ({ endpoint, projectId, instanceId, triggers }, { clientId, databases, openedAt }) => ({
    ...{ endpoint, projectId, instanceId, triggers },
    ...{ clientId, databases, openedAt },
  }),
  connect,
  whyNotRenewable: () => undefined,
};

async function check(
  news: Readonly<Record<string, unknown>>,
  context: CheckContext,
): Promise<dynamic.CheckResult<WebCliInputs>> {
  const validator = new Validator("WebCliSession", args, news);
  const instance = await checkDcsInstance(validator, context);
  const { password, clientId, reopenWhenExpired, triggers } = validator.values;
  if (validator.has("password") && validator.has("clientId")) {
    validator.addFailure(
      "clientId",
      "adopts an open session, so it excludes `password`; leave one of them out",
    );
  }
  const inputs = { ...instance, password, clientId, reopenWhenExpired, triggers };
  return { inputs: omitUndefined(inputs), failures: validator.failures };
}

function connect(
  instance: DcsInstance,
  { settings, connections, deadline }: SessionContext,
): SessionClient<WebCliInputs, WebCliKey> {
  const webCli = new WebCli(instance, settings, connections.gateway, deadline);
  return {
    async logIn({ password }) {
      const { problem, ...session } = await webCli.logIn(password);
      return { session, problem };
    },
    // A login that answers with a client ID needs no question; whether an adopted session is open does.
    confirm: async (session, mustAsk) => ({
      session,
      liveness: mustAsk ? await webCli.probe(session.clientId) : "alive",
    }),
    probe: ({ clientId }) => webCli.probe(clientId),
    logOut: ({ clientId }) => webCli.logOut(clientId),
  };
}
