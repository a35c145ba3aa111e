import { createHash, createHmac } from "node:crypto";

/** An access key with its secret; temporary ones come with a security token. */
export interface AccessKey {
  accessKey: string;
  secretKey: string;
  securityToken?: string;
}

export interface Signable {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

const ALGORITHM = "SDK-HMAC-SHA256";
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/**
 * The headers that sign a request with AK/SK, to be sent beside its own:
 * https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm.html
 */
export function signatureHeaders(
  request: Signable,
  key: AccessKey,
  now = new Date(),
): Record<string, string> {
  const added: Record<string, string> = {
    "X-Sdk-Date": now.toISOString().replace(/[-:]|\.\d+/g, ""),
    ...(key.securityToken ? { "X-Security-Token": key.securityToken } : {}),
  };
  const signed = { ...request, headers: { ...request.headers, Host: new URL(request.url).host, ...added } };
  return { ...added, Authorization: authorization(signed, key) };
}

/** The `Authorization` header for a request whose headers are all to be signed, `X-Sdk-Date` among them. */
export function authorization(request: Signable, key: AccessKey): string {
  const headers = new Map(
    Object.entries(request.headers)
      .map(([name, value]): [string, string] => [name.toLowerCase(), value.trim()])
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
  const names = [...headers.keys()].join(";");
  const stringToSign = [
    ALGORITHM,
    headers.get("x-sdk-date"),
    sha256(canonicalRequest(request, headers, names)),
  ];
  const signature = createHmac("sha256", key.secretKey).update(stringToSign.join("\n")).digest("hex");
  return `${ALGORITHM} Access=${key.accessKey}, SignedHeaders=${names}, Signature=${signature}`;
}

function canonicalRequest(request: Signable, headers: Map<string, string>, names: string): string {
  const { pathname, searchParams } = new URL(request.url);
  const path = pathname
    .split("/")
    .map((part) => encode(decodeURIComponent(part)))
    .join("/");
  const query = [...searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join("&");
  return [
    request.method,
    path.endsWith("/") ? path : `${path}/`,
    query,
    ...[...headers].map(([name, value]) => `${name}:${value}`),
    "",
    names,
    sha256(request.body),
  ].join("\n");
}

/** Percent-encoding by RFC 3986: letters, digits and `-_.~` stay. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
