import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { serve } from "./server";

/** What a server behind a front answered. */
export interface Upstream {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** A request that a front received. */
export interface Exchange {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  /** How many requests came before this one. */
  index: number;
  response: ServerResponse;
  /** Asks the server behind the front, or another one; without an answer where that cuts the connection. */
  forward(target?: string): Promise<Upstream>;
}

type Handler = (exchange: Exchange) => unknown;

/** The least that makes a page the login form of a CAS. */
export const LOGIN_FORM =
  '<form><input type="hidden" name="lt" value="1"><input type="password" name="password"></form>';

/** A server in front of another one: what a proxy, a portal or a balancer makes of its answers. */
export async function serveFront(target: string, handle: Handler = pass) {
  let handler = handle;
  let count = 0;
  const { url, requests } = await serve(async (request, response) => {
    const body = await read(request);
    const { method = "", url: path = "", headers } = request;
    const forward = (to = target) => ask(to, { method, path, headers, body });
    // A front whose server cut the connection cuts its own.
    await Promise.resolve(handler({ method, path, headers, index: count++, response, forward })).catch(() =>
      response.destroy(),
    );
  });
  return {
    url,
    requests,
    /** From now on, answers differently. */
    behave(next: Handler) {
      handler = next;
      count = 0;
    },
  };
}

/** Hands the answer on as it is. */
export async function pass(exchange: Exchange): Promise<void> {
  relay(exchange.response, await exchange.forward());
}

export function relay(response: ServerResponse, { status, headers, body }: Upstream): void {
  response.writeHead(status, headers).end(body);
}

/** Does the work, and answers something else. */
export const replace = (status: number, body = "", headers: IncomingHttpHeaders = {}): Handler => {
  return ({ response }) => response.writeHead(status, headers).end(body);
};

/** What a front shows in place of a CAS. */
export const LIES: [string, Handler][] = [
  ["redirects everything to a portal", replace(302, "", { location: "https://portal.example/" })],
  ["shows a maintenance page", replace(200, "<h1>Back soon</h1>")],
  ["shows a page with another form", replace(200, '<form action="/search"><input name="q"></form>')],
  [
    "shows the login form of another single sign-on",
    replace(200, '<form action="/sso"><input type="hidden" name="csrf"><input type="password"></form>'),
  ],
  [
    "shows a login form that goes to another server",
    replace(
      200,
      '<form action="https://sso.example/"><input type="hidden" name="lt"><input type="password"></form>',
    ),
  ],
  ["answers 404", replace(404, "<h1>Not found</h1>")],
];

function ask(
  target: string,
  { body, ...request }: { method: string; path: string; headers: IncomingHttpHeaders; body: Buffer },
): Promise<Upstream> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(target);
    const sent = http.request({ ...request, hostname, port, agent: false }, (response) => {
      // How long the body is and how it was framed may change on the way.
      const { "content-length": _, "transfer-encoding": __, connection: ___, ...headers } = response.headers;
      const { statusCode: status = 0 } = response;
      read(response).then((received) => resolve({ status, headers, body: received }), reject);
    });
    sent.on("error", reject).end(body);
  });
}

async function read(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}
