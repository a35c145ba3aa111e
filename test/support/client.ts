import { type Agent, type IncomingHttpHeaders, request } from "node:http";
import { request as tlsRequest } from "node:https";
import { parseSetCookie, type SetCookie } from "cookie";
import { parse } from "node-html-parser";
import type { Emulator } from "../../emulator";
import { canonicalRequest, sign, stringToSign } from "../../emulator/iam/signature";

export interface Sending {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  ca?: string;
  agent?: Agent;
}

export interface Received {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** Sends exactly these headers: no cookie jar, no redirects, no default content type. */
export function send(url: string, { method = "GET", headers = {}, body = "", ca, agent }: Sending = {}) {
  return new Promise<Received>((resolve, reject) => {
    const length = method === "GET" ? {} : { "Content-Length": String(Buffer.byteLength(body)) };
    const options = { method, headers: { ...length, ...headers }, agent: agent ?? false, ca };
    const open = url.startsWith("https:") ? tlsRequest : request;
    const sent = open(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

export function webCliPath(emulator: Emulator, call: string): string {
  return `/v2/${emulator.projectId}/instances/${emulator.instanceId}/webcli/${call}`;
}

/** A date as X-Sdk-Date wants it. */
export function sdkDate(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

export interface Signing extends Sending {
  at?: number;
  signed?: string[];
  accessKey?: string;
  secretKey?: string;
}

/** Headers with a signature over the ones named. */
export function signedHeaders(emulator: Emulator, path: string, signing: Signing): Record<string, string> {
  const { method = "POST", body = "", at = Date.now(), signed = ["host", "x-sdk-date"] } = signing;
  const headers: Record<string, string> = { host: new URL(emulator.url).host, "x-sdk-date": sdkDate(at) };
  for (const [name, value] of Object.entries(signing.headers ?? {})) {
    headers[name.toLowerCase()] = value;
  }
  const [plainPath = "", rawQuery = ""] = path.split("?");
  const bytes = Buffer.from(body);
  const canonical = canonicalRequest({ method, path: plainPath, rawQuery, headers, body: bytes }, signed);
  const text = stringToSign(canonical, headers["x-sdk-date"] ?? "");
  const signature = sign(signing.secretKey ?? emulator.secretKey, text);
  const access = signing.accessKey ?? emulator.accessKey;
  const authorization = `SDK-HMAC-SHA256 Access=${access}, SignedHeaders=${signed.join(";")}, Signature=${signature}`;
  return { ...headers, authorization };
}

/** Sends a signed POST, by default with just host and date signed. */
export function post(
  emulator: Emulator,
  path: string,
  body: unknown,
  signing: Signing = {},
): Promise<Received> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const headers = signedHeaders(emulator, path, { ...signing, body: text });
  return send(emulator.url + path, { ...signing, method: signing.method ?? "POST", headers, body: text });
}

/** Sends a signed GET. */
export function get(emulator: Emulator, path: string, signing: Signing = {}): Promise<Received> {
  const headers = signedHeaders(emulator, path, { ...signing, method: "GET" });
  return send(emulator.url + path, { ...signing, method: "GET", headers });
}

/** A string field of a JSON answer. */
export function field(received: Received, name: string): string {
  const value: unknown = JSON.parse(received.text)[name];
  if (typeof value !== "string") {
    throw new TypeError(`no text "${name}" in ${received.text}`);
  }
  return value;
}

/** Logs in to Web CLI and gives the client id. */
export async function openWebCli(emulator: Emulator, agent?: Agent): Promise<string> {
  const body = emulator.redisPassword === "" ? {} : { password: emulator.redisPassword };
  return field(await post(emulator, webCliPath(emulator, "auth"), body, { agent }), "client_id");
}

/** Runs a command and gives the response. */
export async function run(
  emulator: Emulator,
  clientId: string,
  command: string,
  database = 0,
): Promise<string> {
  const body = { client_id: clientId, command, database };
  return field(await post(emulator, webCliPath(emulator, "command"), body), "response");
}

export function setCookies(received: Received): SetCookie[] {
  return (received.headers["set-cookie"] ?? []).map((line) => parseSetCookie(line));
}

export function hiddenInputs(received: Received): Record<string, string> {
  const inputs = parse(received.text).querySelectorAll("input[type=hidden]");
  return Object.fromEntries(
    inputs.map((input) => [input.getAttribute("name") ?? "", input.getAttribute("value") ?? ""]),
  );
}

export function hasForm(received: Received): boolean {
  return parse(received.text).querySelector("input[type=password]") !== null;
}
