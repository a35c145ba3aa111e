import { html, type Reply } from "../http";
import type { CasLoginPage } from "./choices";
import { type Hidden, hiddenInputs, messagePage, page } from "./pages";

/** A page that follows the right password. */
interface Step {
  title: string;
  content: string;
  /** What its form sends as `_eventId`. */
  event: string;
  /** Whether an answer can be right: nobody is told the code of a second factor. */
  canPass: boolean;
  /** What waits for the answer: the session's cookie, or only the ticket for a service. */
  holdsBack: "cookie" | "service ticket";
}

const button = (label: string) => `<button name="submit">${label}</button>`;

const steps: Partial<Readonly<Record<CasLoginPage, Step>>> = {
  "password-expires": {
    title: "Authentication Succeeded with Warnings",
    content: `<ul><li>Your password expires in 3 days.</li></ul>\n${button("Continue")}`,
    event: "proceed",
    canPass: true,
    holdsBack: "cookie",
  },
  "usage-policy": {
    title: "Acceptable Usage Policy",
    content: `<p>Use this system only for your work.</p>\n${button("Accept")}`,
    event: "submit",
    canPass: true,
    holdsBack: "cookie",
  },
  // After the cookie was sent, whenever a service is to get a ticket:
  // https://github.com/apereo/cas/blob/master/support/cas-server-support-consent-webflow/src/main/java/org/apereo/cas/web/flow/ConsentWebflowConfigurer.java
  consent: {
    title: "Attribute Consent",
    content: `<p>The application asks for your name and your mail address.</p>
<label><input type="radio" name="option" value="0" checked/> Ask me each time</label>
<label><input type="radio" name="option" value="1"/> Ask me when the attributes change</label>
${button("Confirm")}`,
    event: "confirm",
    canPass: true,
    holdsBack: "service ticket",
  },
  // As CAS has it: a password input and an execution, but no username.
  "second-factor": {
    title: "Multifactor Authentication",
    content: `<label for="token">Code</label>
<input id="token" name="token" type="password" autocomplete="one-time-code" required/>\n${button("Login")}`,
    event: "submit",
    canPass: false,
    holdsBack: "cookie",
  },
};

/** The page that follows the right password, if there is one. */
export function stepOf(name: CasLoginPage): Step | undefined {
  return steps[name];
}

export function stepPage({ title, content }: Step, fields: readonly Hidden[]): string {
  const form = `<form id="fm1" method="post" action="/cas/login">\n${content}\n${hiddenInputs(fields)}\n</form>`;
  return page(title, `<h2>${title}</h2>\n${form}`);
}

/** What a right password gets where no answer leads on. */
export function deadEnd(name: CasLoginPage): Reply | undefined {
  if (name === "second-factor-down") {
    return html(200, messagePage("MFA Provider Unavailable", "The second factor can't be checked now."));
  }
  // MRS Manager sends the user here before a first or expired password works.
  if (name !== "change-password") return undefined;
  return html(
    200,
    page(
      "Change Password",
      `<form id="modify" method="post" action="modify_password.html">
<input name="oldPassword" type="password" value=""/>
<input name="newPassword" type="password" value=""/>
<input name="submit" type="submit" value="OK"/>
</form>`,
    ),
  );
}

/** The answer to any login where too many were tried, as CAS gives it now (423) or once did (403). */
export function throttling(name: CasLoginPage, retryAfter: number | undefined): Reply | undefined {
  if (name !== "throttled" && name !== "throttled-403") return undefined;
  const page = messagePage("Access Denied", "There were too many failed logins. Try again later.");
  const reply = html(name === "throttled" ? 423 : 403, page);
  if (retryAfter === undefined) return reply;
  return { ...reply, headers: { ...reply.headers, "Retry-After": String(retryAfter) } };
}

/** Why nobody can log in here, whatever the password. */
export function lockOf(name: CasLoginPage): string | undefined {
  if (name === "account-locked") return "The user is locked. Try again later.";
  if (name === "address-locked") return "The IP address is locked. Try again later.";
  return undefined;
}
