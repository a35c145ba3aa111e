import type { CasInputs } from "./casSession";
import {
  cookieProblem,
  type Findings,
  fingerprintProblem,
  headerProblem,
  pemProblem,
  serverProblem,
  serviceProblem,
} from "./findings";
import { withoutSlash } from "./place";

/** Fixed for good: a server may pin a session to it, and another one would find the session gone. */
const USER_AGENT = "pulumi-huaweicloud-sessions";

const EXAMPLE = "https://HOST:20009/cas";

export function findCasInputs(findings: Findings): CasInputs {
  const casUrl = findings.needed("casUrl", `write ${EXAMPLE}`, { problem: serverProblem(EXAMPLE) });
  return {
    casUrl: withoutSlash(casUrl),
    ...findIdentity(findings),
    service: findings.text("service", { problem: serviceProblem }),
    userAgent: findings.text("userAgent", { problem: headerProblem }) ?? USER_AGENT,
    caCertificate: findings.text("caCertificate", { problem: pemProblem }),
    certificateFingerprint: findings.text("certificateFingerprint", { problem: fingerprintProblem }),
    reopenWhenExpired: findings.flag("reopenWhenExpired", true),
    triggers: findings.triggers(),
  };
}

/** A user name with its password, or the cookie of an open session. */
function findIdentity(findings: Findings) {
  const username = findings.text("username");
  const password = findings.text("password", { secret: true });
  const ticketGrantingCookie = findings.text("ticketGrantingCookie", {
    secret: true,
    problem: cookieProblem,
  });
  const [user, pass] = [findings.has("username"), findings.has("password")];
  if (findings.has("ticketGrantingCookie")) {
    if (user || pass) {
      const problem = "adopts an open session: leave it out, or username and password";
      findings.refuse("ticketGrantingCookie", problem, true);
    }
  } else if (!user && !pass) {
    findings.refuse("username", "is missing: give username and password, or ticketGrantingCookie");
  } else if (!user) {
    findings.refuse("username", "is missing: give it beside password");
  } else if (!pass) {
    findings.refuse("password", "is missing: give it beside username", true);
  }
  return { username, password, ticketGrantingCookie };
}
