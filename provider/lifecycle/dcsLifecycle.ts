import type { dynamic } from "@pulumi/pulumi";
import { type Place, WebCli } from "../api/dcs";
import { PACE, type Pace, type Patience } from "../api/patience";
import { Settings } from "../config";

/** What the resources of DCS have in common: what is set around the program, and the client made from it. */
export class DcsLifecycle {
  protected settings = new Settings();

  constructor(protected readonly pace: Pace = PACE) {}

  // The host may call another verb before it has awaited this: it takes effect at once.
  async configure({ config }: dynamic.ConfigureRequest): Promise<void> {
    this.settings = new Settings(config);
  }

  protected webCli(place: Place, patience: Patience): WebCli {
    return new WebCli(place, () => this.settings.keySets(), patience);
  }
}
