import { type Call, cookieOf, type Reply } from "../http";
import { setCookie } from "./flavors";
import type { CasNode } from "./node";

const cookie = { name: "ROUTEID", path: "/", httpOnly: true };

/** Leads each client to one node by a sticky cookie, which the node sets that answers it first. */
export class Balancer {
  private readonly drained = new Set<CasNode>();
  private turn = 0;

  constructor(private readonly nodes: readonly [CasNode, ...CasNode[]]) {}

  lead(call: Call, handle: (node: CasNode) => Reply): Reply {
    if (this.nodes.length === 1) return handle(this.nodes[0]);
    const sticky = this.nodes[Number(cookieOf(call, cookie.name)) - 1];
    if (sticky && !this.drained.has(sticky)) return handle(sticky);
    const node = this.next();
    const reply = handle(node);
    const route = setCookie(cookie, String(this.nodes.indexOf(node) + 1));
    const cookies = [reply.headers?.["Set-Cookie"] ?? [], route].flat();
    return { ...reply, headers: { ...reply.headers, "Set-Cookie": cookies } };
  }

  /** Takes a node out of service, the first that is in it. Its sessions stay open there. */
  drain(): boolean {
    const inService = this.inService();
    const [node] = inService;
    if (!node || inService.length === 1) return false;
    this.drained.add(node);
    return true;
  }

  restore(): void {
    this.drained.clear();
  }

  private next(): CasNode {
    const inService = this.inService();
    this.turn += 1;
    return inService[(this.turn - 1) % inService.length] ?? this.nodes[0];
  }

  private inService(): CasNode[] {
    return this.nodes.filter((node) => !this.drained.has(node));
  }
}
