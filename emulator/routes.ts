import createRouter, { type HTTPMethod, type HTTPVersion, type Instance } from "find-my-way";
import type { Cas } from "./cas";
import { flavors } from "./cas/flavors";
import { presentedCookie } from "./cas/sessions";
import { type Controls, control } from "./control";
import { noSuchApi } from "./dcs/gateway";
import type { WebCli } from "./dcs/webcli";
import type { Call, Reply } from "./http";

/** Where a request goes. */
export interface Endpoint {
  /** The call's name, as in a fault's `on`. */
  name(call: Pick<Call, "headers">): string;
  handle(call: Call): Reply | Promise<Reply>;
}

/** An endpoint and what its path held. */
export interface Match {
  readonly endpoint: Endpoint;
  readonly params: Readonly<Record<string, string | undefined>>;
  /** Whether the API gateway is in front of it, which numbers every request. */
  readonly isGatewayed: boolean;
}

const verbs = ["GET", "POST", "DELETE"] as const;

type Routes = Instance<HTTPVersion.V1>;

const sessionCookies = Object.values(flavors).map(({ cookie }) => cookie.name);

function hasSessionCookie(call: Pick<Call, "headers">): boolean {
  return sessionCookies.some((name) => presentedCookie(call, name) !== undefined);
}

function add(routes: Routes, method: HTTPMethod, path: string, endpoint: Endpoint): void {
  // Only the store is used: the router finds, the server calls.
  routes.on(method, path, () => undefined, endpoint);
}

function addWebCli(routes: Routes, webCli: WebCli): void {
  const base = "/v2/:projectId/instances/:instanceId/webcli";
  add(routes, "POST", `${base}/auth`, { name: () => "webcli.auth", handle: (call) => webCli.logIn(call) });
  add(routes, "POST", `${base}/command`, {
    name: () => "webcli.command",
    handle: (call) => webCli.run(call),
  });
  add(routes, "POST", `${base}/logout`, {
    name: () => "webcli.logout",
    handle: (call) => webCli.logOut(call),
  });
}

function addCas(routes: Routes, { login, logout, web }: Cas): void {
  const logOut: Endpoint = { name: () => "cas.logout", handle: (call) => logout.logOut(call) };
  add(routes, "GET", "/cas/login", {
    name: (call) => (hasSessionCookie(call) ? "cas.probe" : "cas.form"),
    handle: (call) => login.show(call),
  });
  add(routes, "POST", "/cas/login", { name: () => "cas.login", handle: (call) => login.submit(call) });
  add(routes, "POST", "/cas/logout", logOut);
  add(routes, "GET", "/cas/logout", logOut);
  add(routes, "GET", "/web/v1/access/login_check", {
    name: () => "web.loginCheck",
    handle: (call) => web.checkLogin(call),
  });
  add(routes, "GET", "/web/cas_security_check.htm", {
    name: () => "web.securityCheck",
    handle: (call) => web.checkTicket(call),
  });
}

function addControl(routes: Routes, controls: Controls): void {
  for (const { method, path, handle } of control(controls)) {
    add(routes, method, path, { name: () => "control", handle });
  }
}

/** Builds the table of everything that is served. */
export function createRoutes(
  webCli: WebCli,
  cas: Cas,
  controls: Controls,
): (method: string, path: string) => Match {
  const routes = createRouter();
  addWebCli(routes, webCli);
  addCas(routes, cas);
  addControl(routes, controls);
  return (method, path) => find(routes, method, path);
}

function find(routes: Routes, method: string, path: string): Match {
  // A servlet container ignores ";jsessionid=…" when it looks for who serves a path.
  const plain = path.replace(/;[^/]*$/, "");
  const lookUp = (candidate: HTTPMethod) => routes.find(candidate, plain);
  const verb = verbs.find((known) => known === method);
  const found = verb && lookUp(verb);
  const isGatewayed = !/^\/(cas|web|emulator)(\/|$)/.test(plain);
  if (found) {
    const endpoint: Endpoint = found.store;
    return { endpoint, params: found.params, isGatewayed };
  }
  const allowed = isGatewayed ? [] : verbs.filter((candidate) => lookUp(candidate));
  const handle = (call: Call) => (isGatewayed ? noSuchApi(call.requestId) : notServed(allowed));
  return { endpoint: { name: () => "unknown", handle }, params: {}, isGatewayed };
}

function notServed(allowed: readonly string[]): Reply {
  const headers = { "Content-Type": "text/plain" };
  return allowed.length > 0
    ? { status: 405, headers: { ...headers, Allow: allowed.join(", ") }, body: "Method Not Allowed\n" }
    : { status: 404, headers, body: "Not Found\n" };
}
