import { type Again, RequestFailed } from "./errors";
import { type Answer, retryAfterMs } from "./http";

/** An answer that a CAS should not have given. Its page is never shown: it can hold the password. */
export function casFailure(answer: Answer, but = ""): RequestFailed {
  return new RequestFailed({
    said: `${answer.request} answered ${answer.status}${but && `, ${but}`}`,
    advice: adviceFor(answer.status),
    again: againAfter(answer),
    retryAfterMs: retryAfterMs(answer),
  });
}

function againAfter({ status, request }: Answer): Again {
  if (status === 429) return "always";
  if (status < 500) return "never";
  return request.startsWith("GET ") ? "always" : "idempotent";
}

function adviceFor(status: number): string {
  if (status === 429 || status >= 500) return "Run the same command again later.";
  if (status === 403)
    return "Check that no proxy refuses it, that `service` is registered with this CAS, and that the user may use it.";
  return "Check casUrl (https://HOST:20009/cas) and service.";
}

/** A log-in that set no ticket-granting cookie. */
export function loginFailure(answer: Answer): RequestFailed {
  const { status, request, body } = answer;
  if (status !== 200 && status !== 401) return casFailure(answer);
  const mustChange = body.includes("modify_password");
  return new RequestFailed({
    said: `${request} answered ${status} and set no ticket-granting cookie`,
    advice: mustChange
      ? "The password must be changed first: log in to MRS Manager with a browser."
      : "Check username and password. They are not tried again: five wrong ones lock the user for five minutes, in which the right one fails too.",
    again: "never",
  });
}
