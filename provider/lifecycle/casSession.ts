import type { dynamic } from "@pulumi/pulumi";
import { Cas } from "../api/cas/cas";
import type { CasKey } from "../api/cas/probe";
import type { CasServer } from "../api/cas/requests";
import type { Deadline } from "../api/deadline";
import { withoutTrailingSlash } from "../api/http/serverUrl";
import { fingerprintIn } from "../check/rules";
import { Validator, valuesIn } from "../check/validator";
import { definitions, type ValuesOf } from "../definitions";
import { omitUndefined } from "../engine";
import type { SessionAdapter, SessionClient, SessionContext, SessionState } from "./sessionAdapter";

/** Fixed for good: a server may pin a session to it, and another one would find the session gone. */
const USER_AGENT = "pulumi-huaweicloud-sessions";

const { args } = definitions.CasSession;

/** What check hands to the other verbs. */
export type CasInputs = ValuesOf<typeof args> & CasServer;

export interface CasState extends CasServer, CasKey, SessionState {
  username?: string;
  triggers?: string[];
}

/** Sessions of the CAS of MRS Manager: https://docs.otc.t-systems.com/map-reduce-service/api-ref/mrs_manager_cas_apis.html */
export const casSessions: SessionAdapter<CasInputs, CasKey, CasState> = {
  resource: "CasSession",
  idPrefix: "cas",
  server: ["casUrl"],
  identity: ["userAgent"],
  idleTimeout: "20 minutes",
  adoptionAdvice: "Log in again and pass the new `ticketGrantingCookie`, with the `userAgent` of that login.",
  describe: ({ casUrl }) => `the CAS at ${casUrl}`,
  check,
  inputsIn(news) {
    const { casUrl = "", userAgent = USER_AGENT, ...rest } = valuesIn(args, news);
    return { casUrl, userAgent, ...rest };
  },
  keyOf: ({ ticketGrantingCookie }) => ticketGrantingCookie,
  adopted: ({ ticketGrantingCookie }) =>
    ticketGrantingCookie === undefined ? undefined : { ticketGrantingCookie },
  stateOf(inputs, { ticketGrantingCookie, cookies, probeIsReliable, cookieRotates, openedAt }) {
    const { reopenWhenExpired: _, password: __, ticketGrantingCookie: ___, ...kept } = inputs;
    return { ...kept, ticketGrantingCookie, cookies, probeIsReliable, cookieRotates, openedAt };
  },
  connect,
  // Recorded on running servers: only a request for a service counts as use of the session.
  whyNotRenewable({ service, cookieRotates }) {
    if (cookieRotates) return "the CAS gives it another cookie at each request";
    return service === undefined ? "without `service`, a CAS ends it after 20 idle minutes" : undefined;
  },
};

async function check(news: Readonly<Record<string, unknown>>): Promise<dynamic.CheckResult<CasInputs>> {
  const validator = new Validator("CasSession", args, news);
  checkIdentity(validator);
  const {
    casUrl = "",
    userAgent = USER_AGENT,
    certificateFingerprint: fingerprint,
    ...rest
  } = validator.values;
  const certificateFingerprint = fingerprint && (fingerprintIn(fingerprint) ?? fingerprint);
  const inputs = { ...rest, casUrl: withoutTrailingSlash(casUrl), userAgent, certificateFingerprint };
  return { inputs: omitUndefined(inputs), failures: validator.failures };
}

/** A user name with its password, or the cookie of an open session. */
function checkIdentity(validator: Validator<typeof args>): void {
  const [username, password] = [validator.has("username"), validator.has("password")];
  if (validator.has("ticketGrantingCookie")) {
    if (!username && !password) return;
    const problem =
      "adopts an open session, so it excludes `username` and `password`; remove one or the other";
    validator.addFailure("ticketGrantingCookie", problem);
  } else if (!username) {
    const alternative = password ? "" : ", with `password`, unless you pass `ticketGrantingCookie`";
    validator.addFailure("username", `is required${alternative}`);
  } else if (!password) {
    validator.addFailure("password", "is required when `username` is set");
  }
}

function connect(
  server: CasServer,
  { connections: { http, logins, successors }, deadline }: SessionContext,
): SessionClient<CasInputs, CasKey> {
  const by = (step: Deadline) => new Cas(server, http, step, successors);
  const cas = by(deadline);
  return {
    logIn: ({ casUrl, username = "", password = "" }) =>
      logins.logIn({ casUrl, username, password }, deadline, async (takePassword) => {
        const session = await cas.logIn(username, takePassword);
        try {
          const look = deadline.step("looking at the new session", deadline.timeouts.probeTimeout);
          const { liveness, ...confirmed } = await by(look).confirm(session);
          return { ...confirmed, isProved: liveness === "alive" };
        } catch {
          // The session is open all the same, and is asked about once more, by `confirm`.
          return { session, isProved: false };
        }
      }),
    // The probe right after the login has answered already.
    confirm: async (session, mustAsk) =>
      mustAsk || session.probeIsReliable === undefined
        ? cas.confirm(session)
        : { session, liveness: "alive" },
    probe: (session) => cas.probe(session),
    logOut: (session) => cas.logOut(session),
  };
}
