import { type Cell, TRUSTS } from "./cells";

/** Where docs/certificates.md or docs/credentials.md says something else than curl does. */
interface Difference {
  why: string;
  holds(cell: Cell): boolean;
  verdict: "refused" | "answered 200 (direct)" | "answered 200 (toy)" | "failed";
}

/** Forms of NO_PROXY that Go knows, and curl 7.88 does not, with the addresses that they name. */
const FORMS_OF_GO: Record<string, string[]> = {
  " * ": ["name", "trailing dot", "IPv4", "IPv6", "IDN in ASCII"],
  "other.example,*": ["name", "trailing dot", "IPv4", "IPv6", "IDN in ASCII"],
  "*.corp.example": ["name", "trailing dot", "IDN in ASCII"],
  "corp.example:PORT": ["name", "trailing dot", "IDN in ASCII"],
  "manager.corp.example:PORT": ["name", "trailing dot"],
  "10.77.0.1:PORT": ["IPv4"],
  "fd77::/16": ["IPv6"],
  "fd77::1/128": ["IPv6"],
  "FD77:0:0::1": ["IPv6"],
  "[fd77::1]:PORT": ["IPv6"],
  "münchen.corp.example": ["IDN in ASCII"],
};

// From 24 on, Node.js has the security level of Debian's OpenSSL.
const [nodeVersion = 0] = process.versions.node.split(".").map(Number);

const DIFFERENCES: readonly Difference[] = [
  {
    why: "a certificate that is not the pinned one is refused",
    holds: ({ trust }) => TRUSTS[trust]?.pin === "wrong",
    verdict: "refused",
  },
  { why: "a SOCKS proxy is refused", holds: ({ route }) => route === "SOCKS", verdict: "refused" },
  {
    why: "a proxy password with a stray % is refused",
    holds: ({ route }) => route === "with a stray %",
    verdict: "refused",
  },
  {
    why: "the port of a proxy is 80 where it is left out",
    holds: ({ route }) => route === "proxy without a port",
    verdict: "answered 200 (toy)",
  },
  {
    why: "a form of NO_PROXY that Go knows is understood",
    holds: ({ route, address }) => FORMS_OF_GO[route.replace("NO_PROXY=", "")]?.includes(address) === true,
    verdict: "answered 200 (direct)",
  },
  {
    why: "an address counts in the alternative names only",
    holds: ({ certificate, address }) => certificate === "address as common name" && address === "IPv4",
    verdict: "refused",
  },
  {
    why: "an RSA key of 1024 bits is accepted where Node.js accepts it",
    holds: ({ certificate, trust }) =>
      certificate === "RSA 1024" && /^its own|^all that/.test(trust) && nodeVersion < 24,
    verdict: "answered 200 (direct)",
  },
  {
    why: "an answer whose lines end with a bare line feed is not HTTP",
    holds: ({ connection }) => connection === "lines with a bare line feed",
    verdict: "failed",
  },
];

/** What the documentation says of a cell, where it says something else than curl does. */
export function documented(cell: Cell): Difference | undefined {
  return DIFFERENCES.find(({ holds }) => holds(cell));
}
