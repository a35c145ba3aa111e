import { Successors } from "./cas/cookies";
import { LoginGuard } from "./cas/loginGuard";
import { HttpClient } from "./http/http";
import { Gateway } from "./iam/gateway";

/** What a process knows of the servers that it talks to. */
export class Connections {
  readonly http = new HttpClient();
  readonly gateway = new Gateway(this.http);
  /** The passwords that a CAS has accepted or rejected. */
  readonly logins = new LoginGuard();
  /** The cookies that servers have set in place of a session's. */
  readonly successors = new Successors();
}
