import { METADATA_ENDPOINT } from "../config/discovery";
import { engineLives } from "./engineProcess";
import { lifecyclesIn } from "./lifecycles";
import { Renewals } from "./renewals";
import { Runtime } from "./runtime";

// Where the metadata service is, no environment decides: a variable that a shell carries could redirect it.
const runtime = new Runtime({
  metadataEndpoint: METADATA_ENDPOINT,
  renewals: new Renewals(undefined, engineLives),
});

// The text in every stack's state names these: they stay for ever, and so does what they load from state.
export const { WebCliSession, WebCliCommand, CasSession } = lifecyclesIn(runtime);
