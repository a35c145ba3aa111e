import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** The parts of a request that a signature covers. */
export interface SignedRequest {
  method: string;
  path: string;
  rawQuery: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** The parts of an `Authorization: SDK-HMAC-SHA256 …` header. */
export interface Authorization {
  accessKey: string;
  signedHeaders: readonly string[];
  signature: string;
}

const ALGORITHM = "SDK-HMAC-SHA256";

export function parseAuthorization(header: string): Authorization | undefined {
  const match =
    /^SDK-HMAC-SHA256 Access=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
      header.trim(),
    );
  const [, accessKey, names, signature] = match ?? [];
  if (accessKey === undefined || names === undefined || signature === undefined) return undefined;
  return { accessKey, signature, signedHeaders: names.split(";") };
}

function encode(text: string): string {
  const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*]/g, percent);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not valid percent-encoding, so nobody can have meant it as such: it stands for itself.
    return text;
  }
}

function canonicalPath(path: string): string {
  const encoded = path
    .split("/")
    .map((segment) => encode(decode(segment)))
    .join("/");
  return encoded.endsWith("/") ? encoded : `${encoded}/`;
}

function canonicalQuery(rawQuery: string): string {
  return rawQuery
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return `${encode(decode(name))}=${encode(decode(value.join("=")))}`;
    })
    .sort()
    .join("&");
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

/** The text that both sides build from a request. It holds header values: treat it as a secret. */
export function canonicalRequest(request: SignedRequest, signedHeaders: readonly string[]): string {
  const names = signedHeaders.map((name) => name.toLowerCase()).sort();
  const lines = names.map((name) => `${name}:${String(request.headers[name] ?? "").trim()}\n`);
  return [
    request.method.toUpperCase(),
    canonicalPath(request.path),
    canonicalQuery(request.rawQuery),
    lines.join(""),
    names.join(";"),
    sha256(request.body),
  ].join("\n");
}

export function stringToSign(canonical: string, date: string): string {
  return [ALGORITHM, date, sha256(canonical)].join("\n");
}

export function sign(secretKey: string, text: string): string {
  return createHmac("sha256", secretKey).update(text).digest("hex");
}

/** Compares without telling, by the time it takes, how much was right. */
export function sameText(left: string, right: string): boolean {
  const [a, b] = [sha256(left), sha256(right)];
  return timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** Milliseconds since the epoch of `yyyyMMddTHHmmssZ`, or undefined for anything else. */
export function parseSdkDate(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}
