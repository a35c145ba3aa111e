import type { Call, Reply } from "../http";

export function html(status: number, body: string, cookies: readonly string[] = []): Reply {
  return {
    status,
    headers: {
      "Content-Type": "text/html;charset=UTF-8",
      "Cache-Control": "no-store",
      "Set-Cookie": cookies,
    },
    body,
  };
}

/** The fields of a posted form; a body of another type has none. */
export function formFields(call: Call): URLSearchParams {
  const type = call.headers["content-type"] ?? "";
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(type);
  return new URLSearchParams(isForm ? call.body.toString("utf8") : "");
}

/** The service's address with a ticket for it. */
export function withTicket(service: string, ticket: string): string {
  // A Location header takes ASCII only; an address that is ASCII already stays as the client wrote it.
  const address = /^[\x21-\x7e]+$/.test(service) ? service : new URL(service).href;
  return `${address}${address.includes("?") ? "&" : "?"}ticket=${ticket}`;
}
