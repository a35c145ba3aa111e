import type { SessionCount } from "../expiringStore";
import type { Call, Reply } from "../http";
import { type Route, route } from "../router";
import type { Settings } from "../settings";
import { Balancer } from "./balancer";
import { type Flavor, flavorOf } from "./flavors";
import { ManagerWeb } from "./manager";
import { CasNode } from "./node";
import { Services } from "./services";
import { presentedCookie, TicketIds } from "./sessions";

/** The CAS server of MRS Manager or Apereo, put together. */
export class Cas {
  private readonly flavor: Flavor;
  private readonly nodes: readonly [CasNode, ...CasNode[]];
  private readonly balancer: Balancer;
  private readonly services: Services;
  private readonly web: ManagerWeb;

  constructor(settings: Settings, url: () => string) {
    this.flavor = flavorOf(settings.casFlavor, settings.casCookieName);
    const ids = new TicketIds();
    this.services = new Services(settings, this.flavor, ids);
    const node = () => new CasNode(settings, this.flavor, this.services, ids);
    this.nodes = [node(), ...Array.from({ length: settings.casNodes - 1 }, node)];
    this.balancer = new Balancer(this.nodes);
    this.web = new ManagerWeb(url, this.services, settings.clock);
  }

  routes(): Route[] {
    const led = (handle: (node: CasNode, call: Call) => Reply) => (call: Call) =>
      this.balancer.lead(call, (node) => handle(node, call));
    const show = led((node, call) => node.login.show(call));
    const submit = led((node, call) => node.login.submit(call));
    const logOut = led((node, call) => node.logout.logOut(call));
    const shown: Route["on"] = (call) =>
      presentedCookie(call, this.flavor) === undefined ? "cas.form" : "cas.probe";
    // As a servlet container, take the HTTP session from the path of a client that sends no cookie.
    const login = ["/cas/login", "/cas/login;jsessionid=:httpSession"];
    return [
      ...login.map((path) => route("GET", path, shown, show)),
      ...login.map((path) => route("POST", path, "cas.login", submit)),
      route("GET", "/cas/logout", "cas.logout", logOut),
      route("POST", "/cas/logout", "cas.logout", logOut),
      ...this.web.routes(),
    ];
  }

  /** The sessions of all nodes. */
  count(): SessionCount {
    const counts = this.nodes.map((node) => node.count());
    const sum = (read: (count: SessionCount) => number) =>
      counts.reduce((total, count) => total + read(count), 0);
    return {
      open: counts.flatMap(({ open }) => open),
      opened: sum(({ opened }) => opened),
      closed: sum(({ closed }) => closed),
      expired: sum(({ expired }) => expired),
    };
  }

  /** Takes a node out of service; false if it is the last one. */
  drainNode(): boolean {
    return this.balancer.drain();
  }

  restoreNodes(): void {
    this.balancer.restore();
  }

  expireAll(): void {
    for (const node of this.nodes) node.expireAll();
    this.web.expireAll();
    this.services.clear();
  }

  /** Pages that are out are worth nothing any more; sessions stay. */
  forgetPages(): void {
    for (const node of this.nodes) node.forgetPages();
    this.services.clear();
  }
}
