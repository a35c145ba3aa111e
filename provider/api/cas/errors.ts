import { RequestError, type Retry } from "../errors";
import { type HttpResponse, isTransient, retryAfterMs } from "../http/http";

/** An answer that a CAS should not have given. Its page is never shown: it can hold the password. */
export function casError(response: HttpResponse, flaw = ""): RequestError {
  if (response.bodyError) return response.bodyError;
  return new RequestError({
    reason: `${response.request} answered ${response.status}${flaw && ` ${flaw}`}`,
    advice: adviceFor(response),
    adviceAfterLogin: adviceAfterLogin(response),
    retry: retryAfter(response),
    retryAfterMs: retryAfterMs(response),
  });
}

function retryAfter({ status, request }: HttpResponse): Retry {
  if (status === 429) return "always";
  if (status < 500) return "never";
  return request.startsWith("GET ") ? "always" : "idempotent";
}

function adviceFor(response: HttpResponse): string {
  if (isTransient(response)) return "Run the same command again later.";
  if (response.status === 403) {
    return "Check that no proxy refuses the request, that `service` is registered with this CAS, and that the user may use it.";
  }
  return "Check `casUrl` (https://HOST:20009/cas) and `service`.";
}

function adviceAfterLogin(response: HttpResponse): string | undefined {
  return isTransient(response)
    ? undefined
    : "Check that no proxy or portal in between answers for the CAS, then run the same command again.";
}

/** A login that set no ticket-granting cookie. */
export function loginError(response: HttpResponse): RequestError {
  const { status, request, body } = response;
  if (status !== 200 && status !== 401) return casError(response);
  if (body.includes("modify_password")) {
    return new RequestError({
      reason: `${request} answered ${status} and requires a password change`,
      advice: "Log in to MRS Manager with a browser and change the password.",
      retry: "never",
    });
  }
  return new RequestError({
    reason: `the CAS rejected the login (${request} answered ${status} without a ticket-granting cookie)`,
    advice:
      "Check `username` and `password`. The login is not retried: five failed attempts lock the account for five minutes.",
    retry: "never",
    meaning: "login rejected",
  });
}

/** A login whose cookie can't be sent back as it came. */
export function unusableCookieError({ request, status }: HttpResponse): RequestError {
  return new RequestError({
    reason: `${request} answered ${status} with a ticket-granting cookie that can't be sent back`,
    advice: "Check that `casUrl` is the address of the CAS, then run the same command again.",
    retry: "never",
  });
}

/** A logout that was answered, without evidence that the session has ended. */
export function logoutError(liveness: "alive" | "unknown", answered: string): RequestError {
  return liveness === "alive"
    ? new RequestError({
        reason: `${answered}, but the session is still alive`,
        advice:
          "Log out in a browser, or have an administrator end the session. Then run the same command again.",
        retry: "idempotent",
      })
    : new RequestError({
        reason: `${answered}, and nothing shows whether the session has ended`,
        advice:
          "Check that `casUrl` reaches the CAS itself, and not a proxy, portal, or maintenance page in front of it.",
        retry: "idempotent",
      });
}
