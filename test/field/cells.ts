import { NAMING_CERTIFICATES } from "./certificates";
import { CONNECTIONS, TLS } from "./servers";

/** Whom a client trusts: the machine's authorities, and what it is given. */
export interface CellTrust {
  system?: string;
  /** An authority by name, or `leaf`, `chain`: what the server has. */
  ca?: string;
  pin?: "right" | "wrong";
}

/** One way to a server. */
export interface Cell {
  route: string;
  address: string;
  certificate: string;
  trust: string;
  tls: string;
  connection: string;
  /** `again` asks a second time; `login` sends a request that must not be repeated second. */
  exchange: "one" | "again" | "login";
}

export const TRUSTS: Record<string, CellTrust> = {
  nothing: {},
  "the machine's root": { system: "root" },
  "the machine's issuer": { system: "issuer" },
  "the root": { ca: "root" },
  "the issuer": { ca: "issuer" },
  "another root": { ca: "other" },
  "a root of the same name": { ca: "same name" },
  "the short root": { ca: "short root" },
  "the root for other names": { ca: "limited root" },
  "a bundle with comments": { ca: "bundle with comments" },
  "its own certificate": { ca: "leaf" },
  "all that it sends": { ca: "chain" },
  "another root beside the machine's": { system: "root", ca: "other" },
  "the pin": { pin: "right" },
  "another pin": { pin: "wrong" },
  "the root and the pin": { ca: "root", pin: "right" },
  "another root and the pin": { ca: "other", pin: "right" },
  "the root and another pin": { ca: "root", pin: "wrong" },
};

/** A host as a URL has it. */
export const ADDRESSES: Record<string, string> = {
  name: "manager.corp.example",
  "upper case": "MANAGER.Corp.Example",
  "trailing dot": "manager.corp.example.",
  "IDN in ASCII": "xn--mnchen-3ya.corp.example",
  IPv4: "10.77.0.1",
  IPv6: "[fd77::1]",
  "IPv4-mapped IPv6": "[::ffff:10.77.0.1]",
  "only IPv4": "v4.corp.example",
  "only IPv6": "v6.corp.example",
  "IPv6 that is silent": "silent6.corp.example",
  "IPv4 that is silent": "silent4.corp.example",
  "IPv6 without a route": "unrouted6.corp.example",
  "IPv4 without a route": "unrouted4.corp.example",
  "IPv6 that refuses": "refused6.corp.example",
  "only an address without a route": "nowhere.corp.example",
  "slow to connect": "slow.corp.example",
  "slow IPv6 beside IPv4 without a route": "slow6.corp.example",
  "slow IPv4 beside IPv6 without a route": "slow4.corp.example",
  "not known": "unknown.corp.example",
  localhost: "localhost",
};

/** The variables of a route; `PORT:name` is the port of a proxy, `CREDENTIALS` the right ones. */
export const ROUTES: Record<string, Record<string, string>> = {
  direct: {},
  HTTPS_PROXY: { HTTPS_PROXY: "http://10.77.0.1:PORT:http" },
  https_proxy: { https_proxy: "http://10.77.0.1:PORT:http" },
  ALL_PROXY: { ALL_PROXY: "http://10.77.0.1:PORT:http" },
  all_proxy: { all_proxy: "http://10.77.0.1:PORT:http" },
  "http_proxy alone": {
    http_proxy: "http://10.77.0.1:PORT:refused",
    HTTP_PROXY: "http://10.77.0.1:PORT:refused",
  },
  "lower before upper case": {
    https_proxy: "http://10.77.0.1:PORT:http",
    HTTPS_PROXY: "http://10.77.0.1:PORT:refused",
  },
  "https before all": {
    HTTPS_PROXY: "http://10.77.0.1:PORT:http",
    all_proxy: "http://10.77.0.1:PORT:refused",
  },
  "an empty variable": { https_proxy: "", HTTPS_PROXY: "http://10.77.0.1:PORT:http" },
  "no scheme": { HTTPS_PROXY: "10.77.0.1:PORT:http" },
  "ALL_PROXY, no scheme": { ALL_PROXY: "10.77.0.1:PORT:http" },
  "scheme in capitals": { HTTPS_PROXY: "HTTP://10.77.0.1:PORT:http" },
  "trailing slash": { HTTPS_PROXY: "http://10.77.0.1:PORT:http/" },
  "proxy by name": { HTTPS_PROXY: "http://proxy.corp.example:PORT:http" },
  "proxy by IPv6": { HTTPS_PROXY: "http://[fd77::1]:PORT:http" },
  "proxy with a silent address": { HTTPS_PROXY: "http://silent.proxy.example:PORT:http" },
  "proxy that is slow to connect": { HTTPS_PROXY: "http://slow.proxy.example:PORT:http" },
  "proxy without a port": { HTTPS_PROXY: "http://10.77.0.1" },
  "proxy that is not known": { HTTPS_PROXY: "http://unknown.proxy.example:3128" },
  "proxy that refuses": { HTTPS_PROXY: "http://10.77.0.1:PORT:refused" },
  "with credentials": { HTTPS_PROXY: "http://CREDENTIALS@10.77.0.1:PORT:closed" },
  "with credentials, no scheme": { HTTPS_PROXY: "CREDENTIALS@10.77.0.1:PORT:closed" },
  "with wrong credentials": { HTTPS_PROXY: "http://user:wrong@10.77.0.1:PORT:closed" },
  "without credentials": { HTTPS_PROXY: "http://10.77.0.1:PORT:closed" },
  "with a stray %": { HTTPS_PROXY: "http://user:100%@10.77.0.1:PORT:http" },
  "https proxy": { HTTPS_PROXY: "https://10.77.0.1:PORT:tls" },
  "https proxy by name": { HTTPS_PROXY: "https://proxy.corp.example:PORT:tls" },
  "https proxy that is misnamed": { HTTPS_PROXY: "https://user:secret@10.77.0.1:PORT:misnamed" },
  "https proxy that is not trusted": { HTTPS_PROXY: "https://user:secret@10.77.0.1:PORT:untrusted" },
  "https proxy that speaks no TLS": { HTTPS_PROXY: "https://10.77.0.1:PORT:http" },
  "http proxy that speaks TLS": { HTTPS_PROXY: "http://10.77.0.1:PORT:tls" },
  "bare line feeds": { HTTPS_PROXY: "http://10.77.0.1:PORT:lines" },
  garbage: { HTTPS_PROXY: "http://10.77.0.1:PORT:garbage" },
  "close in place of an answer": { HTTPS_PROXY: "http://10.77.0.1:PORT:silentClose" },
  ...Object.fromEntries(
    ["302", "403", "404", "407", "500", "502"].map((status) => [
      `answer ${status}`,
      { HTTPS_PROXY: `http://10.77.0.1:PORT:${status}` },
    ]),
  ),
  tinyproxy: { HTTPS_PROXY: "http://10.77.0.1:PORT:tinyproxy" },
  squid: { HTTPS_PROXY: "http://10.77.0.1:PORT:squid" },
  SOCKS: { ALL_PROXY: "socks5://10.77.0.1:PORT:http" },
  "NODE_TLS_REJECT_UNAUTHORIZED=0": { NODE_TLS_REJECT_UNAUTHORIZED: "0" },
  "NODE_TLS_REJECT_UNAUTHORIZED=0 and an untrusted proxy": {
    NODE_TLS_REJECT_UNAUTHORIZED: "0",
    HTTPS_PROXY: "https://user:secret@10.77.0.1:PORT:untrusted",
  },
};

/** Forms of NO_PROXY, each between bars; PORT is the server's. */
export const EXEMPTIONS = [
  "*| * |other.example,*",
  "corp.example|.corp.example|*.corp.example|corp.example.|CORP.Example|example",
  "manager.corp.example|anager.corp.example|other.example, corp.example|a.example b.example",
  "other.example corp.example|,,corp.example,|corp.example:PORT|corp.example:1|manager.corp.example:PORT",
  "10.77.0.1|10.77.0.1:PORT|10.77.0.0/16|10.77.9.9/16|10.0.0.0/9|10.77.0.1/32|10.77.0.2/32|10.77.0.0/33",
  "10.77|.0.1|10.77.0.*|fd77::1|[fd77::1]|fd77::/16|FD77:0:0::1|fd77::1/128|[fd77::1]:PORT|fd77::2/127",
  "xn--mnchen-3ya.corp.example|münchen.corp.example",
].flatMap((forms) => forms.split("|"));

const COMMON: Cell = {
  route: "direct",
  address: "name",
  certificate: "all names",
  trust: "the root",
  tls: "any TLS",
  connection: "kept open",
  exchange: "one",
};

/** All combinations of some dimensions, with the others as they commonly are. */
function product(dimensions: { [K in keyof Cell]?: readonly Cell[K][] }): Cell[] {
  let cells: Cell[] = [COMMON];
  for (const [name, values] of Object.entries(dimensions)) {
    cells = cells.flatMap((cell) => values.map((value) => ({ ...cell, [name]: value })));
  }
  return cells;
}

/** Certificates that differ in what is to be checked beside names. */
const STATES = [
  "all names|another name|expired|not yet valid|for clients|for servers|RSA 1024|RSA 2048",
  "self-signed|self-signed authority|with its issuer|with the whole chain|without its issuer|by no authority",
  "by an issuer signed with SHA-1|below a path that is too long|by an authority for other names",
  "unknown critical extension",
].flatMap((names) => names.split("|"));
const HOW = ["direct", "HTTPS_PROXY"];

/** Every cell once. The product of everything is too large: each pair of dimensions that can meet is in it. */
export function allCells(): Cell[] {
  const exempt = EXEMPTIONS.map((form) => `NO_PROXY=${form}`);
  const cells = [
    ...product({ certificate: STATES, trust: Object.keys(TRUSTS) }),
    ...product({
      certificate: NAMING_CERTIFICATES,
      address: ["name", "trailing dot", "IPv4", "IPv6", "localhost"],
      route: HOW,
    }),
    ...product({
      address: Object.keys(ADDRESSES),
      route: [...HOW, "https proxy", "tinyproxy", "squid"],
      trust: ["the machine's root"],
    }),
    ...product({
      route: Object.keys(ROUTES),
      address: ["name", "IPv4", "IPv6"],
      trust: ["the machine's root"],
    }),
    ...product({ route: exempt, address: ["name", "trailing dot", "IPv4", "IPv6", "IDN in ASCII"] }),
    ...product({ tls: Object.keys(TLS), address: ["name", "trailing dot", "IPv4"], route: HOW }),
    ...product({
      connection: Object.keys(CONNECTIONS),
      exchange: ["one", "again", "login"],
      route: [...HOW, "squid"],
    }),
  ];
  return [...new Map(cells.map((cell) => [JSON.stringify(cell), cell])).values()];
}
