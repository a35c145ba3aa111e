import { BlockList, isIP, isIPv4 } from "node:net";
import { domainToASCII } from "node:url";
import { RequestError } from "../errors";
import { isDecodable } from "./serverUrl";

/** A proxy, and the variable of the environment that names it. */
export interface ProxyServer {
  url: URL;
  variable: string;
}

/**
 * The proxy for a server, by the rules of curl. Plain http is for loopback addresses and for the metadata service, which
 * belong to this machine alone.
 */
export function proxyFor(server: URL, environment: NodeJS.ProcessEnv = process.env): ProxyServer | undefined {
  if (server.protocol !== "https:" || isExempt(server, environment)) return undefined;
  const variable = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"].find((name) => environment[name]);
  if (!variable) return undefined;
  const setting = environment[variable] ?? "";
  const text = setting.includes("://") ? setting : `http://${setting}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || !isDecodable(url.username + url.password)) {
    throw new RequestError({
      reason: "its proxy setting is not of the form http://HOST:PORT",
      advice: `Correct ${variable}, or name the server in NO_PROXY.`,
      retry: "never",
    });
  }
  return { url, variable };
}

/** The header that tells a proxy who asks. */
export function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (!username && !password) return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "Proxy-Authorization": `Basic ${Buffer.from(credentials).toString("base64")}` };
}

/**
 * Whether NO_PROXY names a server: every form that curl 7.86 or Go's httpproxy knows.
 * https://curl.se/docs/manpage.html#NOPROXY https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
 */
function isExempt({ hostname, port }: URL, environment: NodeJS.ProcessEnv): boolean {
  const host = hostname.replace(/^\[|\]$|\.$/g, "");
  const entries = (environment.no_proxy || environment.NO_PROXY || "").split(/[\s,]+/).filter(Boolean);
  return entries.some((entry) => {
    if (entry === "*") return true;
    const [, name, only] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? [undefined, entry];
    if (only && only !== (port || "443")) return false;
    return isIP(host)
      ? holdsAddress(only ? name.replace(/^\[|\]$/g, "") : name, host)
      : holdsName(name, host);
  });
}

/** An address, or a network such as 10.0.0.0/8. */
function holdsAddress(entry: string, address: string): boolean {
  const [network = "", bits] = entry.split("/");
  const most = { 4: 32, 6: 128 }[isIP(network)] ?? -1;
  const prefix = bits === undefined ? most : /^\d+$/.test(bits) ? Number(bits) : -1;
  if (prefix < 0 || prefix > most) return false;
  const list = new BlockList();
  list.addSubnet(network, prefix, most === 32 ? "ipv4" : "ipv6");
  return list.check(address, isIPv4(address) ? "ipv4" : "ipv6");
}

/** `example.com` holds itself and what is below it; so do `.example.com` and `*.example.com`. */
function holdsName(entry: string, host: string): boolean {
  const name = domainToASCII(entry.replace(/^\*?\.|\.$/g, ""));
  return name !== "" && (host === name || host.endsWith(`.${name}`));
}
