import { connect } from "node:tls";
import { serveFront } from "../../support/front";
import { listenRaw } from "../../support/server";
import type { CasServer } from "../server/server";

/** A front that speaks plain HTTP, with a tunnel behind it that speaks TLS to the CAS. */
export async function serveFrontOf({ casUrl, caCertificate }: CasServer) {
  const { hostname, port } = new URL(casUrl);
  const tunnel = await listenRaw((socket) => {
    const upstream = connect({ host: hostname, port: Number(port), ca: caCertificate });
    upstream.on("error", () => socket.destroy());
    socket.on("close", () => upstream.destroy());
    socket.pipe(upstream).pipe(socket);
  });
  return serveFront(tunnel.url);
}
