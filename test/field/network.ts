import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where servers listen, and from where each proxy comes to them: so a server knows which way a request took. */
export const SERVER = { v4: "10.77.0.1", v6: "fd77::1" };
export const SOURCES: Record<string, { v4: string; v6: string }> = {
  toy: { v4: "10.77.0.2", v6: "fd77::2" },
  tinyproxy: { v4: "10.77.0.3", v6: "fd77::3" },
  squid: { v4: "10.77.0.4", v6: "fd77::4" },
};
/** The server again. The first packet of each connection to these gets lost, so that connecting takes a second. */
export const SLOW = { v4: "10.77.0.5", v6: "fd77::5" };
/** Packets to these get lost. */
const SILENT = { v4: "10.99.0.9", v6: "fd99::9" };
/** There is no route to these. */
const UNROUTED = { v4: "10.55.0.9", v6: "fd55::9" };

/** The names that this network knows. */
export const HOSTS: Record<string, string[]> = {
  "manager.corp.example": [SERVER.v4, SERVER.v6],
  "xn--mnchen-3ya.corp.example": [SERVER.v4],
  "v4.corp.example": [SERVER.v4],
  "v6.corp.example": [SERVER.v6],
  "silent6.corp.example": [SILENT.v6, SERVER.v4],
  "silent4.corp.example": [SILENT.v4, SERVER.v6],
  "unrouted6.corp.example": [UNROUTED.v6, SERVER.v4],
  "unrouted4.corp.example": [UNROUTED.v4, SERVER.v6],
  "refused6.corp.example": ["::1", SERVER.v4],
  "nowhere.corp.example": [UNROUTED.v4],
  "slow.corp.example": [SLOW.v4],
  "slow6.corp.example": [UNROUTED.v4, SLOW.v6],
  "slow4.corp.example": [UNROUTED.v6, SLOW.v4],
  "proxy.corp.example": [SERVER.v4],
  "silent.proxy.example": [SILENT.v6, SERVER.v4],
  "slow.proxy.example": [UNROUTED.v6, SLOW.v4],
};

const LOSE_FIRST_PACKETS = `table inet field {
  set seen { type inet_service; flags dynamic; }
  chain input {
    type filter hook input priority 0;
    ip daddr ${SLOW.v4} tcp flags & (syn | ack) == syn tcp sport != @seen add @seen { tcp sport } drop
    ip6 daddr ${SLOW.v6} tcp flags & (syn | ack) == syn tcp sport != @seen add @seen { tcp sport } drop
  }
}
`;

/** Why this machine can't give a network of its own, if it can't. */
export function networkProblem(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "needs Linux and root";
  const { status } = spawnSync("unshare", ["--net", "--mount", "sh", "-c", "ip link && nft list ruleset"]);
  return status === 0 ? undefined : "needs network namespaces and filters (unshare, iproute2, nftables)";
}

/** Sets up the network of a process that `unshare --net --mount` started. It ends with the process. */
export function setUpNetwork(folder: string): void {
  const ip = (command: string) =>
    execFileSync("ip", command.split(" "), { stdio: ["ignore", "ignore", "inherit"] });
  ip("link set lo up");
  for (const { v4, v6 } of [SERVER, SLOW, ...Object.values(SOURCES)]) {
    ip(`addr add ${v4}/32 dev lo`);
    ip(`addr add ${v6}/128 dev lo nodad`);
  }
  // The other end of the cable knows none of the addresses, and drops what comes.
  ip("link add field0 type veth peer name field1");
  ip("link set field0 up");
  ip("link set field1 up");
  ip("addr add 10.99.0.1/24 dev field0");
  ip("addr add fd99::1/64 dev field0 nodad");
  ip(`neigh add ${SILENT.v4} lladdr 02:00:00:00:00:09 dev field0`);
  ip(`neigh add ${SILENT.v6} lladdr 02:00:00:00:00:09 dev field0`);
  execFileSync("nft", ["-f", "-"], { input: LOSE_FIRST_PACKETS });
  // A name server knows a name with the dot at its end as well.
  const lines = Object.entries(HOSTS).flatMap(([name, all]) =>
    all.map((address) => `${address} ${name} ${name}.`),
  );
  const hosts = join(folder, "hosts");
  writeFileSync(hosts, ["127.0.0.1 localhost", ...lines, ""].join("\n"));
  execFileSync("mount", ["--bind", hosts, "/etc/hosts"]);
}
